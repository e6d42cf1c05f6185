import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsISO8601, IsString, Matches } from 'class-validator';
import { InvalidFields } from '#kernel/errors/kernel.errors';
import { Optional, PageQuery, AtMost } from '#platform/http';
import type { Selection } from '../persistence/delivery-log.store.js';

const STATES = ['pending', 'delivered', 'failed', 'skipped'] as const;
const ENDED = ['delivered', 'failed', 'skipped'] as const;
const EVENT = /^(?=.{3,50}$)[a-z0-9_]+(\.[a-z0-9_]+)+$/;
const EVENT_RULE = { message: 'event must be the name of an event, such as points.received.' };
const IDS_RULE = { message: 'ids must be a list of 1 to 1000 event ids.' };
const ID_RULE = { each: true, message: 'Each id must be that of an event, evt_….' };
const SINCE_RULE = { message: 'since must be an instant, such as 2026-03-12T18:00:00Z.' };

export class DeliveriesQuery extends PageQuery {
  /**
   * `skipped` are those that came while the webhook was off.
   * @example failed
   */
  @Optional()
  @IsIn(STATES, { message: `state must be one of ${STATES.join(', ')}.` })
  state?: (typeof STATES)[number];

  /**
   * Only those of this event.
   * @example points.received
   */
  @Optional()
  @AtMost(50, EVENT_RULE)
  @Matches(EVENT, EVENT_RULE)
  event?: string;
}

/** Exactly one of the three says which. */
export class ReplayDeliveries {
  /**
   * All since this instant, whatever became of them.
   * @example 2026-03-12T18:00:00Z
   */
  @Optional()
  @IsString(SINCE_RULE)
  @AtMost(40, SINCE_RULE)
  @IsISO8601({ strict: true }, SINCE_RULE)
  @Matches(/T.*(Z|[+-]\d\d:\d\d)$/, SINCE_RULE)
  since?: string;

  /**
   * These events.
   * @example ["evt_5w1f0q9x7c3k2m8v4b6n"]
   */
  @Optional()
  @IsArray(IDS_RULE)
  @ArrayMinSize(1, IDS_RULE)
  @ArrayMaxSize(1000, IDS_RULE)
  @AtMost(44, ID_RULE)
  @Matches(/^evt_[0-9a-z]{1,40}$/, ID_RULE)
  ids?: string[];

  /**
   * All that ended so.
   * @example skipped
   */
  @Optional()
  @IsIn(ENDED, { message: `state must be one of ${ENDED.join(', ')}.` })
  state?: (typeof ENDED)[number];
}

export class TestWebhook {
  /**
   * The name under which the sample comes; `webhook.ping` when left out. A name that no event has is refused with
   * the list of those that exist.
   * @example points.received
   */
  @Optional()
  @AtMost(100, EVENT_RULE)
  @IsString(EVENT_RULE)
  event?: string;
}

export function toSelection({ since, ids, state }: ReplayDeliveries): Selection {
  const given = [
    ...(since === undefined ? [] : [{ since: new Date(since) }]),
    ...(ids === undefined ? [] : [{ ids }]),
    ...(state === undefined ? [] : [{ state }]),
  ];
  const [only] = given;
  if (only && given.length === 1) return only;
  const message = 'Give exactly one of since, ids and state.';
  throw new InvalidFields([{ pointer: '', rule: 'exactly_one', message }]);
}
