import { after, before, DAY_MS } from '#kernel/clock';
import { periodAt } from './calendar.js';
import { isOfTheCalendar, type Entry } from './entry.js';

/** What a task is posted for. With the kind it is the key by which none is posted twice. */
export interface Occasion {
  key: string;
  /** What the texts of the entry are filled in with. */
  fillings: Fillings;
  deadline: Date;
  /** What else it uses up, each of which is there once. */
  claims?: readonly string[];
}

export type Fillings = Readonly<Partial<Record<'variant' | 'period' | 'task_id' | 'task_title', string>>>;

/** Why a kind is not posted now. */
export const WHY_NOT = [
  'disabled',
  'waits_for_event',
  'still_open',
  'already_posted',
  'period_ends_soon',
  'used_up',
  'not_needed',
  'refused',
] as const;
export type WhyNot = (typeof WHY_NOT)[number];

/** What became of a task: it can be taken up, somebody is at it, it was done, or nobody did it. */
export type Standing = 'open' | 'under_way' | 'done' | 'lapsed';

/** The last task of a kind, or of one of its variants. */
export interface Posted {
  kind: string;
  /** Empty where the kind has none. */
  variant: string;
  occasion: string;
  taskId: string;
  postedAt: Date;
  standing: Standing;
}

/** Past its deadline a task takes no bids, whether or not it was closed already. */
export function standingOf({ status, deadline }: { status: string; deadline: Date }, at: Date): Standing {
  if (status === 'completed') return 'done';
  if (status === 'cancelled') return 'lapsed';
  if (status !== 'open' && status !== 'bidding') return 'under_way';
  return deadline > at ? 'open' : 'lapsed';
}

export type Decision = { occasion: Occasion } | { whyNot: WhyNot };

/** With less time nobody would take it up before the next of its kind comes. */
const PERIOD_LEFT_MS_MIN = DAY_MS;

/** For what a kind may be posted at this time, given the last of each of its variants; never while one is open. */
export function occasionOf(entry: Entry, posted: readonly Posted[], at: Date): Decision {
  if (!entry.enabled) return { whyNot: 'disabled' };
  if (entry.cadence === 'per_event') return { whyNot: 'waits_for_event' };
  if (posted.some(({ standing }) => standing === 'open')) return { whyNot: 'still_open' };
  return isOfTheCalendar(entry.cadence) ? thisPeriod(entry, posted, at) : nextVariant(entry, posted, at);
}

/** Its deadline is never later than the next period, so that the next finds none of it open. */
function thisPeriod(entry: Entry, posted: readonly Posted[], at: Date): Decision {
  if (!isOfTheCalendar(entry.cadence)) throw new Error(`${entry.kind} is not of the calendar.`);
  const { key, name, endsAt } = periodAt(entry.cadence, at);
  // Keys of a calendar sort by time: where the clock was set back, a later period has been posted already.
  if (posted.some(({ occasion }) => occasion >= key)) return { whyNot: 'already_posted' };
  if (before(endsAt, PERIOD_LEFT_MS_MIN) < at) return { whyNot: 'period_ends_soon' };
  const full = after(at, entry.deadlineDays * DAY_MS);
  return { occasion: { key, fillings: { period: name }, deadline: full < endsAt ? full : endsAt } };
}

/** The key names the task that went before, so that two who decide at once decide for the same one. */
function nextVariant(entry: Entry, posted: readonly Posted[], at: Date): Decision {
  for (const variant of variantsOf(entry)) {
    const last = posted.find((one) => one.variant === variant);
    if (last && !comesAgain(entry, last)) continue;
    const key = `${variant === '' ? '' : `${variant}: `}${last ? `after ${last.taskId}` : 'first'}`;
    const deadline = after(at, entry.deadlineDays * DAY_MS);
    return { occasion: { key, fillings: variant === '' ? {} : { variant }, deadline } };
  }
  return { whyNot: 'used_up' };
}

/** What is wanted once has to be done once; what is always wanted only must not lie about twice. */
const comesAgain = (entry: Entry, { standing }: Posted): boolean =>
  standing === 'lapsed' || (entry.cadence === 'ongoing' && standing !== 'open');

function variantsOf(entry: Entry): readonly string[] {
  if (entry.variants.length > 0) return entry.variants;
  return entry.cadence === 'ongoing' || entry.cadence === 'one_time' ? [''] : [];
}
