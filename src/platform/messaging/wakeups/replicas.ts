import { Logger } from '@nestjs/common';
import { Signal } from '#platform/concurrency';
import type { ListeningConnection } from './listening-connection.js';
import type { Wakeups } from './wakeups.js';

/** The same pair in every process of this product; the database tells systems apart. */
const PRESENCE_KEYS = [0x554d_574b, 1] as const;
const CHANNEL = 'replicas';
const REFRESH_MS = 2_000;

/**
 * How many processes share this database: each holds a shared advisory lock as long as its session lives, so a
 * process that died without a word stops counting when PostgreSQL notices.
 */
export class Replicas {
  private holders = 1;
  private timer: NodeJS.Timeout | undefined;
  private undo: (() => void)[] = [];
  private readonly changed = new Signal('replicas');
  private readonly logger = new Logger('Replicas');

  constructor(
    private readonly connection: ListeningConnection,
    private readonly wakeups: Wakeups,
  ) {}

  /** This process included. While the connection is down, what was known last. */
  get count(): number {
    return this.holders;
  }

  get others(): boolean {
    return this.holders > 1;
  }

  onChange(listener: () => void): () => void {
    return this.changed.on(listener);
  }

  /** After the wake-ups have started. When it resolves, this process counts and knows the others. */
  async start(): Promise<void> {
    this.undo = [
      this.wakeups.on(CHANNEL, () => void this.refresh()),
      this.connection.onReconnected(() => this.wakeups.wake(CHANNEL)),
      await this.connection.prepareSession((query) =>
        query('select pg_advisory_lock_shared($1, $2)', [...PRESENCE_KEYS]),
      ),
    ];
    this.timer = setInterval(() => void this.refresh(), REFRESH_MS).unref();
    await this.refresh();
    this.wakeups.wake(CHANNEL);
  }

  /** Before the wake-ups stop, which then carry the news. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    for (const undo of this.undo) undo();
    const unlock = 'select pg_advisory_unlock_shared($1, $2)';
    // Without a session there is no lock to give back.
    await this.connection.query(unlock, [...PRESENCE_KEYS]).catch(() => undefined);
    this.wakeups.wake(CHANNEL);
  }

  private async refresh(): Promise<void> {
    if (!this.connection.connected) return;
    try {
      const [row] = await this.connection.query<{ holders: number }>(COUNT, [...PRESENCE_KEYS]);
      const holders = Math.max(1, row?.holders ?? 1);
      if (holders === this.holders) return;
      this.logger.log({ msg: 'replicas changed', before: this.holders, now: holders });
      this.holders = holders;
      this.changed.emit();
    } catch (error) {
      this.logger.debug({ msg: 'replicas not counted', error: String(error) });
    }
  }
}

/** objsubid 2 marks a lock on a pair of keys. */
const COUNT = `
  select count(distinct pid)::int as holders
    from pg_locks
   where locktype = 'advisory' and objsubid = 2 and granted
     and classid = $1::int::oid and objid = $2::int::oid
     and database = (select oid from pg_database where datname = current_database())`;
