import { Injectable } from '@nestjs/common';
import { before, DAY_MS } from '../clock.js';
import type { Tx } from '../db/tx.js';
import { DueWork } from './due-work.decorator.js';
import { Periodic } from './periodic.js';

/** 24 hours are promised; a day more costs little and forgives clocks and retries that run late. */
const ANSWERS_KEPT_MS = 2 * DAY_MS;
const EVENTS_KEPT_MS = 30 * DAY_MS;
const EVENTS_KEPT_AT_MOST_MS = 60 * DAY_MS;
const RUNS_KEPT_MS = 90 * DAY_MS;

/** Forgets what nobody can ask for any more. */
@Injectable()
@DueWork('retention')
export class Retention extends Periodic {
  protected readonly name = 'retention';
  protected readonly everyMs = DAY_MS;

  protected async once(tx: Tx, period: Date): Promise<void> {
    await tx.query('DELETE FROM idempotency_keys WHERE created_at < $1', [before(period, ANSWERS_KEPT_MS)]);
    await tx.query('DELETE FROM due_runs WHERE done_at < $1', [before(period, RUNS_KEPT_MS)]);
    await this.forgetEvents(tx, before(period, EVENTS_KEPT_MS), before(period, EVENTS_KEPT_AT_MOST_MS));
  }

  /**
   * From the oldest on, in stretches, so that no statement takes long. What a subscriber has not yet had is kept
   * longer, but not for one that never comes again.
   */
  private async forgetEvents(tx: Tx, keptFrom: Date, keptAtMostFrom: Date): Promise<void> {
    for (let gone = 1; gone > 0;) {
      const rows = await tx.query(FORGET_A_STRETCH, [keptFrom, keptAtMostFrom, STRETCH]);
      gone = rows.length;
    }
    for (let gone = 1; gone > 0;) {
      const rows = await tx.query(FORGET_INBOX_ROWS, [STRETCH]);
      gone = rows.length;
    }
  }
}

const STRETCH = 20_000;

/** The last row stays: positions are counted on from it. */
const FORGET_A_STRETCH = `
  DELETE FROM outbox
   WHERE position <= (SELECT min(position) FROM outbox) + $3::int
     AND position < (SELECT max(position) FROM outbox)
     AND at < $1 AND (position <= ALL (SELECT position FROM event_done) OR at < $2)
  RETURNING 1`;

/** So does the last of each inbox, from which its numbers are counted on. */
const FORGET_INBOX_ROWS = `
  DELETE FROM inbox WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM inbox AS old WHERE position < (SELECT min(position) FROM outbox)
       AND EXISTS (SELECT FROM inbox AS newer WHERE newer.agent_id = old.agent_id AND newer.seq > old.seq)
     LIMIT $1))
  RETURNING 1`;
