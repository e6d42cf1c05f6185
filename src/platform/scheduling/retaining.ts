import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Settings } from '#config/settings';
import { DAY_MS, periodStart, SECOND_MS } from '#kernel/clock';
import { Database, UnitOfWork } from '#platform/database';
import { Periodic } from './periodic.js';

const PAUSE_MAX_MS = SECOND_MS;
/** One mebibyte of a table. */
const PAGES_A_STEP = 128;

/**
 * Forgets once a day what nobody can ask for any more. However much that is, it goes in steps that commit by themselves,
 * with a pause after each that is as long as the step was, a second at most. The day is claimed when nothing is left: a
 * process that dies is followed by one that begins again, and finds less.
 */
@Injectable()
export abstract class Retaining extends Periodic {
  protected readonly everyMs = DAY_MS;

  constructor(
    database: Database,
    work: UnitOfWork,
    private readonly settings: Settings,
  ) {
    super(database, work);
  }

  /** Yields after each step. */
  protected abstract forget(period: Date): AsyncGenerator<void>;

  override async run(at: Date): Promise<void> {
    let begunAt = performance.now();
    for await (const _ of this.forget(periodStart(at, this.everyMs))) {
      // Who moves the clock waits for it, and has little to forget.
      if (!this.settings.sandbox) await sleep(Math.min(performance.now() - begunAt, PAUSE_MAX_MS));
      begunAt = performance.now();
    }
    await super.run(at);
  }

  protected async once(): Promise<void> {}

  /**
   * From its first page to its last: an index on the time would cost every insert, and the space of what was forgotten is
   * used again, so that the old lie among the new. The condition's parameters begin with $1.
   */
  protected async *everywhereIn(
    table: string,
    condition: string,
    params: readonly unknown[],
  ): AsyncGenerator<void> {
    const [size] = await this.database.query<{ pages: number }>(
      `SELECT (pg_relation_size($1::regclass) / current_setting('block_size')::int)::int AS pages`,
      [table],
    );
    for (let page = 0; page < size!.pages; page += PAGES_A_STEP) {
      const stretch = `ctid >= '(${page},0)' AND ctid < '(${page + PAGES_A_STEP},0)'`;
      await this.database.query(`DELETE FROM ${table} AS old WHERE ${stretch} AND ${condition}`, params);
      yield;
    }
  }
}
