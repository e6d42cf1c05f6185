import pg from 'pg';
import { QUEUES_SCHEMA } from '#platform/database';

/** Offers, looks and renewals share these; each worker listens in one more. */
const SESSIONS_SHARED = 3;

/**
 * The database sessions of this process's jobs. A job that is lost costs time and nothing else, so their commits do not wait
 * for the disk.
 */
export class JobsPool extends pg.Pool {
  private readonly sessions = new Set<pg.PoolClient>();

  constructor(connectionString: string) {
    super({
      connectionString,
      max: SESSIONS_SHARED,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      application_name: 'upmoltwork queues',
      options: `-c search_path=${QUEUES_SCHEMA} -c synchronous_commit=off`,
    });
    // Unheard, an error would end the process; BullMQ tries again by itself.
    this.on('error', () => {});
    this.on('connect', (session) => {
      this.sessions.add(session);
      // Also a session that BullMQ has taken out of the pool may die.
      session.on('error', () => {}).on('end', () => this.sessions.delete(session));
    });
  }

  makeRoomForListener(): void {
    this.options.max++;
  }

  /** Also those that are still lent out, which `end` would wait for. */
  endNow(): void {
    void this.end().catch(() => {});
    for (const session of this.sessions) void session.end().catch(() => {});
  }
}
