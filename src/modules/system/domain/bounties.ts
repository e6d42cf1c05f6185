import { isOfTheCalendar, type Entry } from './entry.js';
import type { Occasion } from './occasion.js';

/** Rules §7.3: with fewer on the board, the platform adds its own. A first start so posts ten. */
export const OPEN_TASKS_MIN = 10;

/** A kind that may be posted now. */
export interface Offer {
  entry: Entry;
  occasion: Occasion;
  lastPostedAt: Date | undefined;
}

/**
 * What is missing on the board, one of a kind: kinds of the calendar last, since they come by themselves; then what was
 * not posted for the longest time; then as the catalogue has them.
 */
export function bounties(offers: readonly Offer[], openCount: number): Offer[] {
  const missing = Math.max(OPEN_TASKS_MIN - openCount, 0);
  return offers.toSorted((a, b) => rank(a) - rank(b) || lastMs(a) - lastMs(b)).slice(0, missing);
}

const rank = ({ entry }: Offer): number => (isOfTheCalendar(entry.cadence) ? 1 : 0);
const lastMs = ({ lastPostedAt }: Offer): number => lastPostedAt?.getTime() ?? 0;
