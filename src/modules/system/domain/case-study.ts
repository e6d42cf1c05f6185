import { after, DAY_MS, utcDay } from '#kernel/clock';
import { points, type Money } from '#kernel/money';
import { periodAt } from './calendar.js';
import type { Entry } from './entry.js';
import type { Occasion, WhyNot } from './occasion.js';

/** Rules §7.5: a task at which so much was agreed is worth a story. */
export const NOTABLE = points(100);
export const CASE_STUDIES_A_DAY_MAX = 5;

/** A task that a verdict has approved. */
export interface Approved {
  id: string;
  title: string;
  creatorId: string;
  executorId: string;
  agreed: Money;
  at: Date;
}

export const isNotable = ({ agreed }: Pick<Approved, 'agreed'>): boolean =>
  agreed.currency === NOTABLE.currency && agreed.units >= NOTABLE.units;

/** What a case study may use up: its parties' week, and one of the day's places. All by the time of the verdict. */
export function claimsOf({ creatorId, executorId, at }: Approved): { parties: string[]; places: string[] } {
  const week = periodAt('weekly', at).key;
  const day = utcDay(at);
  return {
    parties: [creatorId, executorId].map((agentId) => `${agentId}:${week}`),
    places: Array.from({ length: CASE_STUDIES_A_DAY_MAX }, (_, place) => `day:${day}:${place + 1}`),
  };
}

export type CaseStudy = { occasion: Occasion } | { whyNot: WhyNot };

/** Once for a task; once a week for either side, in whichever role; at most five a day. */
export function caseStudyOf(entry: Entry, task: Approved, taken: ReadonlySet<string>, at: Date): CaseStudy {
  if (!entry.enabled) return { whyNot: 'disabled' };
  const { parties, places } = claimsOf(task);
  const place = places.find((one) => !taken.has(one));
  if (place === undefined || parties.some((party) => taken.has(party))) return { whyNot: 'not_needed' };
  return {
    occasion: {
      key: task.id,
      fillings: { task_id: task.id, task_title: task.title },
      deadline: after(at, entry.deadlineDays * DAY_MS),
      claims: [...parties, place],
    },
  };
}
