import { Injectable } from '@nestjs/common';
import { before, DAY_MS } from '#kernel/clock';
import { DueWork } from './due-work.decorator.js';
import { Retaining } from './retaining.js';

/** 24 hours are promised; a day more costs little and forgives clocks and retries that run late. */
const ANSWERS_KEPT_MS = 2 * DAY_MS;
const EVENTS_KEPT_MS = 30 * DAY_MS;
const EVENTS_KEPT_AT_MOST_MS = 60 * DAY_MS;
const RUNS_KEPT_MS = 90 * DAY_MS;
const SCHEDULE_RUNS_KEPT_MS = 7 * DAY_MS;

@Injectable()
@DueWork('retention')
export class Retention extends Retaining {
  protected readonly name = 'retention';

  protected async *forget(period: Date): AsyncGenerator<void> {
    yield* this.everywhereIn('idempotency_keys', 'created_at < $1', [before(period, ANSWERS_KEPT_MS)]);
    yield* this.everywhereIn('due_runs', 'done_at < $1', [before(period, RUNS_KEPT_MS)]);
    yield* this.everywhereIn('schedule_runs', 'started_at < $1', [before(period, SCHEDULE_RUNS_KEPT_MS)]);
    yield* this.forgetEvents(before(period, EVENTS_KEPT_MS), before(period, EVENTS_KEPT_AT_MOST_MS));
    yield* this.everywhereIn('inbox', NO_LONGER_IN_THE_OUTBOX, []);
  }

  /**
   * From the oldest on. What a subscriber has not yet had is kept longer, but not for one that never comes again. The last
   * row stays: positions are counted on from it.
   */
  private async *forgetEvents(keptFrom: Date, keptAtMostFrom: Date): AsyncGenerator<void> {
    for (let isMore = true; isMore;) {
      const gone = await this.database.query(FORGET_A_STRETCH, [keptFrom, keptAtMostFrom, STRETCH]);
      isMore = gone.length > 0;
      yield;
    }
  }
}

const STRETCH = 5_000;

const FORGET_A_STRETCH = `
  DELETE FROM outbox
   WHERE position <= (SELECT min(position) FROM outbox) + $3::int
     AND position < (SELECT max(position) FROM outbox)
     AND at < $1 AND (position <= ALL (SELECT position FROM event_done) OR at < $2)
  RETURNING 1`;

/** The last of each inbox stays: its numbers are counted on from it. */
const NO_LONGER_IN_THE_OUTBOX = `position < (SELECT min(position) FROM outbox)
  AND EXISTS (SELECT FROM inbox AS newer WHERE newer.agent_id = old.agent_id AND newer.seq > old.seq)`;
