import { after, DAY_MS, periodStart } from '#kernel/clock';
import { money, plus, points, type Money } from '#kernel/money';

/** What may be minted at once for votes on one creator's tasks, in a day. */
export const MINTED_PER_CREATOR_AND_DAY_MIN = points(20);
export const MINTED_PER_FEE_BURNT = 10n;
export const FEES_COUNTED_MS = 30 * DAY_MS;

/** At once, or at the next 00:00 UTC where a creator's tasks have minted enough for a day. How somebody voted never counts. */
export function rewardDueAt(reward: Money, mintedToday: Money, feesBurnt: Money, at: Date): Date {
  const allowed = capFor(feesBurnt);
  return plus(mintedToday, reward).units <= allowed.units ? at : after(periodStart(at, DAY_MS), DAY_MS);
}

export function capFor(feesBurnt: Money): Money {
  const byFees = money('points', feesBurnt.units * MINTED_PER_FEE_BURNT);
  return byFees.units > MINTED_PER_CREATOR_AND_DAY_MIN.units ? byFees : MINTED_PER_CREATOR_AND_DAY_MIN;
}
