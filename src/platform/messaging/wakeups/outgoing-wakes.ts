import { Logger } from '@nestjs/common';

/** Each commit that notifies costs an fsync of the one queue that all notifying commits share. */
const WINDOW_MS = 20;
/** While the line is down the oldest hints of a channel give way: a poll stands behind each of them. */
const WAITING_MAX = 10_000;
/** At six bytes a character, the worst that JSON makes of one, it still fits into one NOTIFY. */
const PAYLOAD_LENGTH_MAX = 1_000;

export type WakeBatch = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Collects what this process has to say and sends it at most every 20 ms. The first word after a silence leaves
 * in the next turn of the event loop, so a lone wake-up does not wait for the window.
 */
export class OutgoingWakes {
  private waiting = new Map<string, Set<string>>();
  private timer: NodeJS.Timeout | undefined;
  private sentAt = Number.NEGATIVE_INFINITY;
  private sending: Promise<void> | undefined;
  private readonly logger = new Logger('Wakeups');

  constructor(private readonly send: (batch: WakeBatch) => Promise<void>) {}

  add(channel: string, payload: string): void {
    if (payload.length > PAYLOAD_LENGTH_MAX) {
      throw new RangeError('A wake-up names what changed; it does not carry it.');
    }
    const payloads = this.waiting.get(channel);
    if (payloads) forgetOldest(payloads.add(payload));
    else this.waiting.set(channel, new Set([payload]));
    this.schedule();
  }

  /** Sends at once what waits; for leaving, and for a line that is back. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.sending;
    if (this.waiting.size === 0) return;
    const batch = this.waiting;
    this.waiting = new Map();
    this.sentAt = performance.now();
    this.sending = this.trySending(batch);
    await this.sending;
  }

  private schedule(): void {
    if (this.timer || this.sending) return;
    const silenceMs = performance.now() - this.sentAt;
    this.timer = setTimeout(() => void this.flush(), Math.max(0, WINDOW_MS - silenceMs));
  }

  private async trySending(batch: WakeBatch): Promise<void> {
    try {
      await this.send(batch);
      this.sending = undefined;
      if (this.waiting.size > 0) this.schedule();
    } catch (error) {
      // Kept for `flush()` when the line is back; saying it twice does no harm.
      this.sending = undefined;
      this.logger.debug({ msg: 'wake-ups wait for the line', error: String(error) });
      for (const [channel, payloads] of batch) {
        this.waiting.set(channel, forgetOldest(new Set([...payloads, ...(this.waiting.get(channel) ?? [])])));
      }
    }
  }
}

function forgetOldest(payloads: Set<string>): Set<string> {
  for (const payload of payloads) {
    if (payloads.size <= WAITING_MAX) break;
    payloads.delete(payload);
  }
  return payloads;
}
