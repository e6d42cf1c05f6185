import { randomBytes } from 'node:crypto';
import { Signal } from '#platform/concurrency';
import type { ListeningConnection } from './listening-connection.js';
import { OutgoingWakes, type WakeBatch } from './outgoing-wakes.js';
import { Wakeups, type WakeListener } from './wakeups.js';

const CHANNEL_PREFIX = 'umw_';
/** NOTIFY takes less than 8000 bytes; the rest is room for the sender's tag. */
const MESSAGE_BYTES_MAX = 7_900;
/** No transaction starts a payload of its own with it, so what starts so was sent by `wake()`. */
const TAGGED = '\u0001';

export class PostgresWakeups extends Wakeups {
  private readonly me = randomBytes(9).toString('base64url');
  private readonly channels = new Map<string, Signal<[payload: string]>>();
  private readonly outgoing = new OutgoingWakes((batch) => this.send(batch));

  constructor(private readonly connection: ListeningConnection) {
    super();
    connection.onReconnected(() => void this.outgoing.flush());
  }

  get connected(): boolean {
    return this.connection.connected;
  }

  wake(channel: string, payload = ''): void {
    this.outgoing.add(channel, payload);
    this.channels.get(channel)?.emit(payload);
  }

  on(channel: string, listener: WakeListener): () => void {
    return this.signal(channel).on(listener);
  }

  onReconnected(listener: () => void): () => void {
    return this.connection.onReconnected(listener);
  }

  start(): Promise<void> {
    return this.connection.start();
  }

  async stop(): Promise<void> {
    await this.outgoing.flush();
    await this.connection.stop();
  }

  private signal(channel: string): Signal<[string]> {
    let signal = this.channels.get(channel);
    if (!signal) {
      signal = new Signal(channel);
      this.channels.set(channel, signal);
      this.connection.listen(CHANNEL_PREFIX + channel, (message) => this.receive(channel, message));
    }
    return signal;
  }

  private receive(channel: string, message: string): void {
    const signal = this.signal(channel);
    if (!message.startsWith(TAGGED)) return signal.emit(message);
    const { from, payloads } = unpack(message);
    if (from === this.me) return;
    for (const payload of payloads) signal.emit(payload);
  }

  /** All channels in one statement: one commit in 20 ms, however much there is to say. */
  private async send(batch: WakeBatch): Promise<void> {
    const channels: string[] = [];
    const messages: string[] = [];
    for (const [channel, payloads] of batch) {
      for (const message of packed(this.me, payloads)) {
        channels.push(CHANNEL_PREFIX + channel);
        messages.push(message);
      }
    }
    const sql =
      'select pg_notify(channel, message) from unnest($1::text[], $2::text[]) as said (channel, message)';
    await this.connection.query(sql, [channels, messages]);
  }
}

/** As few messages as hold the payloads, each under the limit of NOTIFY. */
function packed(from: string, payloads: ReadonlySet<string>): string[] {
  const lists: string[][] = [[]];
  let bytes = 0;
  for (const payload of payloads) {
    const item = JSON.stringify(payload);
    const itemBytes = Buffer.byteLength(item) + 1;
    if (bytes + itemBytes > MESSAGE_BYTES_MAX) {
      lists.push([]);
      bytes = 0;
    }
    bytes += itemBytes;
    lists.at(-1)?.push(item);
  }
  return lists.map((items) => `${TAGGED}${from}[${items.join(',')}]`);
}

function unpack(message: string): { from: string; payloads: string[] } {
  const start = message.indexOf('[');
  return {
    from: message.slice(TAGGED.length, start),
    payloads: JSON.parse(message.slice(start)) as string[],
  };
}
