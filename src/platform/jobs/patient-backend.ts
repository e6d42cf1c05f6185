import { assertSchemaCompatibility, PostgresConnection, PostgresQueueBackend } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';

const AGAIN_AFTER_MS = 1_000;

/**
 * A connection that waits for the database. BullMQ's own remembers for good that its first look at the database failed,
 * and a worker on top of it then asks again and again without a turn of the event loop.
 */
class PatientConnection extends PostgresConnection {
  private readonly leaving = new AbortController();
  private ready: Promise<void> | undefined;

  override waitUntilReady(): Promise<void> {
    this.ready ??= this.untilReady();
    return this.ready;
  }

  /** What still waits for the database gives up. */
  leave(): void {
    this.leaving.abort();
  }

  private async untilReady(): Promise<void> {
    for (;;) {
      this.leaving.signal.throwIfAborted();
      try {
        const session = await this.pool.connect();
        try {
          await assertSchemaCompatibility(session, this.schema);
          return;
        } finally {
          session.release();
        }
      } catch (error) {
        this.emit('away', error);
        await sleep(AGAIN_AFTER_MS, undefined, { ref: false, signal: this.leaving.signal }).catch(() => {});
      }
    }
  }
}

/** BullMQ's PostgreSQL backend, made to bear a database that is away at the start or goes away later. */
export class PatientBackend extends PostgresQueueBackend {
  private readonly line: PatientConnection;

  constructor(
    pool: ConstructorParameters<typeof PostgresConnection>[0],
    name: string,
    opts: ConstructorParameters<typeof PostgresQueueBackend>[2],
    private readonly isWorker: boolean,
  ) {
    const line = new PatientConnection(pool);
    super(line, name, opts, true, isWorker ? `jobs ${name}` : undefined);
    this.line = line;
    line.on('away', (error) => this.emit('error', error));
  }

  /** A queue that nobody uses opens no session. */
  override waitUntilReady(): Promise<void> {
    return this.isWorker ? super.waitUntilReady() : Promise.resolve();
  }

  /** A worker asks again at once after most errors: without a pause it would spin while the database restarts. */
  override async moveToActive(
    ...args: Parameters<PostgresQueueBackend['moveToActive']>
  ): ReturnType<PostgresQueueBackend['moveToActive']> {
    try {
      return await super.moveToActive(...args);
    } catch (error) {
      await sleep(AGAIN_AFTER_MS, undefined, { ref: false });
      throw error;
    }
  }

  leave(): void {
    this.line.leave();
  }
}
