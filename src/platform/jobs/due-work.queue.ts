import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, Logger } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND_MS } from '#kernel/clock';
import type { DueQueue } from '#platform/scheduling';

export const DUE_WORK_QUEUE = 'due-work';

/** A queue that has not answered by then is away. */
const OFFER_MAX_MS = 2 * SECOND_MS;

/**
 * One job per due work at a time, however many processes offer it, because its id is its name. It leaves the queue when
 * it ends, so that the next can be offered; the log of runs keeps what came of it.
 */
const ONE_AT_A_TIME = {
  attempts: 5,
  backoff: { type: 'exponential', delay: SECOND_MS },
  removeOnComplete: true,
  removeOnFail: true,
};

@Injectable()
export class DueWorkQueue implements DueQueue {
  private readonly logger = new Logger('Jobs');
  private readonly offering = new Set<string>();
  private isAway = false;

  constructor(@InjectQueue(DUE_WORK_QUEUE) private readonly queue: Queue) {}

  async offer(name: string, due: Date): Promise<boolean> {
    // What is offered to a queue that is away waits for it to come back: one such offer tells when it does.
    if (this.offering.has(name) || (this.isAway && this.offering.size > 0)) return false;
    const late = new AbortController();
    const isTaken = await Promise.race([
      this.add(name, due),
      sleep(OFFER_MAX_MS, false, { signal: late.signal, ref: false }).catch(() => false),
    ]);
    late.abort();
    this.tell(isTaken);
    return isTaken;
  }

  private async add(name: string, due: Date): Promise<boolean> {
    this.offering.add(name);
    try {
      await this.queue.add(
        name,
        { due },
        { ...ONE_AT_A_TIME, jobId: `due-${name.replaceAll(/[^\w.-]/g, '.')}` },
      );
      return true;
    } catch {
      return false;
    } finally {
      this.offering.delete(name);
    }
  }

  /** Only the change is news. */
  private tell(isTaken: boolean): void {
    if (isTaken !== this.isAway) return;
    this.isAway = !isTaken;
    if (this.isAway)
      this.logger.warn({ msg: 'the job queue is away; due work runs in this process meanwhile' });
    else this.logger.log({ msg: 'the job queue is back' });
  }
}
