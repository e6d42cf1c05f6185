import { Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job } from 'bullmq';
import { SECOND_MS } from '#kernel/clock';
import { DueRunner } from '#platform/scheduling';
import { DUE_WORK_QUEUE } from './due-work.queue.js';

/** A worker that dies with a job is found out after the lock and two checks: 20 seconds at most. */
const LOCK_MS = 10 * SECOND_MS;
const CHECK_EVERY_MS = 5 * SECOND_MS;
/** More than there is due work, so that jobs wait for the runner's places only, where those that hang do not count. */
const IN_HAND_MAX = 100;

@Processor(DUE_WORK_QUEUE, {
  concurrency: IN_HAND_MAX,
  lockDuration: LOCK_MS,
  stalledInterval: CHECK_EVERY_MS,
  maxStalledCount: 3,
  runRetryDelay: SECOND_MS,
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 0 },
})
export class DueWorkProcessor extends WorkerHost {
  constructor(private readonly due: DueRunner) {
    super();
  }

  process(job: Job): Promise<void> {
    return this.due.runJob(job.name, job.attemptsMade + 1);
  }
}
