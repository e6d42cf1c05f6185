import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Signal } from '#platform/concurrency';
import { OutgoingWakes, type WakeBatch } from './outgoing-wakes.js';
import type { PostgresWakeups } from './postgres-wakeups.js';
import { Wakeups, type WakeListener } from './wakeups.js';

const HEARTBEAT_MS = 5_000;
const ANSWER_TIMEOUT_MS = 5_000;

/**
 * What processes say goes over Redis, where it costs the database no commit. What transactions say still comes
 * from PostgreSQL, so both lines must stand for `connected`.
 */
export class RedisWakeups extends Wakeups {
  private readonly me = randomBytes(9).toString('base64url');
  private readonly channels = new Map<string, Signal<[payload: string]>>();
  private readonly reconnected = new Signal('reconnected');
  private readonly outgoing = new OutgoingWakes((batch) => this.send(batch));
  private readonly subscriber: Redis;
  private readonly publisher: Redis;
  private readonly line: string;
  private subscribed = false;
  private toldAway = false;
  private started = false;
  private heartbeat: NodeJS.Timeout | undefined;
  private readonly logger = new Logger('RedisWakeups');

  /** The prefix keeps systems apart that share a Redis: `umw:<database name>:`. */
  constructor(
    private readonly postgres: PostgresWakeups,
    redisUrl: string,
    keyPrefix: string,
  ) {
    super();
    this.line = `${keyPrefix}wakeups`;
    // Subscribed by hand, so that `connected` turns true after the subscription stands and not before.
    this.subscriber = new Redis(redisUrl, { ...connectionOptions, autoResubscribe: false });
    this.publisher = new Redis(redisUrl, { ...connectionOptions, enableOfflineQueue: false });
    this.subscriber.on('ready', () => void this.subscribe());
    this.subscriber.on('close', () => void (this.subscribed = false));
    this.subscriber.on('message', (_line: string, message: string) => this.receive(message));
    this.publisher.on('ready', () => {
      this.toldAway = false;
      void this.outgoing.flush();
    });
    for (const client of [this.subscriber, this.publisher]) {
      client.on('error', (error) => this.tellAway(error));
    }
    postgres.onReconnected(() => this.announceIfConnected());
  }

  get connected(): boolean {
    return this.subscribed && this.postgres.connected;
  }

  wake(channel: string, payload = ''): void {
    this.outgoing.add(channel, payload);
    this.channels.get(channel)?.emit(payload);
  }

  on(channel: string, listener: WakeListener): () => void {
    let signal = this.channels.get(channel);
    if (!signal) this.channels.set(channel, (signal = new Signal(channel)));
    const leaveRedis = signal.on(listener);
    const leavePostgres = this.postgres.on(channel, listener);
    return () => {
      leaveRedis();
      leavePostgres();
    };
  }

  onReconnected(listener: () => void): () => void {
    return this.reconnected.on(listener);
  }

  async start(): Promise<void> {
    // A Redis that is away at the start is tried again by the client itself.
    const first = [this.subscriber, this.publisher].map((client) => client.connect().catch(() => undefined));
    await Promise.all([this.postgres.start(), ...first]);
    if (this.subscriber.status === 'ready') await this.subscribe();
    this.heartbeat = setInterval(() => void this.askForLife(), HEARTBEAT_MS).unref();
    this.started = true;
  }

  async stop(): Promise<void> {
    clearInterval(this.heartbeat);
    await this.outgoing.flush();
    this.subscriber.disconnect();
    this.publisher.disconnect();
    await this.postgres.stop();
  }

  private async subscribe(): Promise<void> {
    if (this.subscribed) return;
    try {
      await this.subscriber.subscribe(this.line);
    } catch (error) {
      this.logger.warn({ msg: 'not subscribed', error: String(error) });
      return this.subscriber.disconnect(true);
    }
    if (this.subscribed || this.subscriber.status !== 'ready') return;
    this.subscribed = true;
    this.toldAway = false;
    this.announceIfConnected();
  }

  /** Both clients try again every few seconds; only the change is news. */
  private tellAway(error: unknown): void {
    if (!this.toldAway) this.logger.warn({ msg: 'redis is away', error: String(error) });
    this.toldAway = true;
  }

  private announceIfConnected(): void {
    if (this.started && this.connected) this.reconnected.emit();
  }

  private receive(message: string): void {
    const { from, batch } = JSON.parse(message) as { from: string; batch: [string, string[]][] };
    if (from === this.me) return;
    for (const [channel, payloads] of batch) {
      for (const payload of payloads) this.channels.get(channel)?.emit(payload);
    }
  }

  private async send(batch: WakeBatch): Promise<void> {
    const said = [...batch].map(([channel, payloads]) => [channel, [...payloads]]);
    await this.publisher.publish(this.line, JSON.stringify({ from: this.me, batch: said }));
  }

  private async askForLife(): Promise<void> {
    if (this.subscriber.status !== 'ready') return;
    try {
      await this.subscriber.ping();
    } catch {
      this.subscriber.disconnect(true);
    }
  }
}

const connectionOptions = {
  connectionName: 'umw-wakeups',
  lazyConnect: true,
  connectTimeout: ANSWER_TIMEOUT_MS,
  disconnectTimeout: 500,
  commandTimeout: ANSWER_TIMEOUT_MS,
  maxRetriesPerRequest: 0,
  retryStrategy: (attempt: number) =>
    Math.min(100 * 2 ** Math.min(attempt, 6), 5_000) * (0.5 + Math.random() / 2),
};
