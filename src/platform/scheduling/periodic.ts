import { Injectable } from '@nestjs/common';
import { after, periodStart } from '#kernel/clock';
import type { Tx } from '#kernel/tx';
import { Database, UnitOfWork } from '#platform/database';
import type { DueWorker } from './due-work.decorator.js';

/**
 * Work for once a period, whatever the number of processes: the row that claims the period is written in the
 * transaction of the work, so a second process waits for it and then finds the period done. A period that
 * passed while nothing ran is not made up for; work that owes every period keeps its own account.
 */
@Injectable()
export abstract class Periodic implements DueWorker {
  protected abstract readonly name: string;
  protected abstract readonly everyMs: number;

  constructor(
    protected readonly database: Database,
    protected readonly work: UnitOfWork,
  ) {}

  protected abstract once(tx: Tx, period: Date): Promise<void>;

  async nextDue(): Promise<Date | null> {
    const [last] = await this.database.query<{ period: Date | null }>(
      'SELECT max(period) AS period FROM due_runs WHERE name = $1',
      [this.name],
    );
    return last?.period ? after(last.period, this.everyMs) : new Date(0);
  }

  async run(at: Date): Promise<void> {
    const period = periodStart(at, this.everyMs);
    await this.work.run(async (tx) => {
      const claimed = await tx.query(
        `INSERT INTO due_runs (name, period, done_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1`,
        [this.name, period, at],
      );
      if (claimed.length > 0) await this.once(tx, period);
    });
  }
}
