import { BullModule } from '@nestjs/bullmq';
import { Logger } from '@nestjs/common';
import { createRedisBackend, Queue, type QueueOptions, Worker, type WorkerOptions } from 'bullmq';
import type { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { JobsPool } from './jobs-pool.js';
import { PatientBackend } from './patient-backend.js';

const logger = new Logger('Jobs');

/** A job that has not finished by then is left to another worker, which takes it up when its lock runs out. */
const CLOSE_MAX_MS = 3_000;

/** The connection decides, so that one process can hold an application on Redis and one on PostgreSQL. */
export class JobQueue extends Queue {
  private left: Promise<void> | undefined;

  constructor(name: string, opts: QueueOptions) {
    super(name, opts, backendFor(opts, false));
    hearErrors(this);
  }

  override close(): Promise<void> {
    this.left ??= leave(this, super.close(), () => this.backend.close(true));
    return this.left;
  }
}

export class JobWorker extends Worker {
  private left: Promise<void> | undefined;

  constructor(name: string, processor: ConstructorParameters<typeof Worker>[1], opts: WorkerOptions) {
    super(name, processor, opts, backendFor(opts, true));
    hearErrors(this);
  }

  override close(force?: boolean): Promise<void> {
    this.left ??= leave(this, super.close(force), async () => {
      await this.lockManager.close();
      await this.backend.close(true);
    });
    return this.left;
  }
}

function backendFor({ connection }: { connection: unknown }, isWorker: boolean): typeof createRedisBackend {
  if (!(connection instanceof JobsPool)) return createRedisBackend;
  if (isWorker) connection.makeRoomForListener();
  // The classes are typed for Redis alone; that they take other backends is documented.
  return ((name: string, opts: never) =>
    new PatientBackend(connection, name, opts, isWorker)) as unknown as typeof createRedisBackend;
}

/** Unheard, the event would end the process. The caller of an operation hears of its failure anyway. */
function hearErrors(user: EventEmitter & { name: string }): void {
  user.on('error', (error: Error) =>
    logger.debug({ msg: 'a queue could not be reached', queue: user.name, error: String(error) }),
  );
}

/** Closes in bounded time: neither a job that hangs nor a queue that is away must keep the process from stopping. */
async function leave(
  user: Queue | Worker,
  closing: Promise<void>,
  force: () => Promise<void>,
): Promise<void> {
  const backend: unknown = user.getBackend();
  if (backend instanceof PatientBackend) backend.leave();
  const late = new AbortController();
  const isClosed = await Promise.race([
    closing.then(() => true),
    sleep(CLOSE_MAX_MS, false, { signal: late.signal, ref: false }),
  ]).finally(() => late.abort());
  // Otherwise it would try to reach Redis and to renew its locks for ever.
  if (!isClosed) void force().catch(() => {});
}

// For every application of this process: the package keeps both for all of it.
BullModule.queueClass = JobQueue;
BullModule.workerClass = JobWorker;
