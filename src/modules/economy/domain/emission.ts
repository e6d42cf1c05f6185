import { before, DAY_MS, periodStart } from '#kernel/clock';
import { asUnits, money, points, type Money } from '#kernel/money';

/** Rules §5.4: 20 points a day, in all no more than 500 agents' worth, nothing above a balance of 5,000. */
export const EMISSION_RATE = points(20);
export const EMISSION_DAY_CAP = points(10_000);
export const BALANCE_CAP = points(5_000);
/** Rules §5.4: with more than this about, emission halves. */
export const HALVING_SUPPLY = points(500_000);
/** Rules §5.4: an agent counts as active for this long after it was last seen. */
export const ACTIVE_DAYS = 7;
/** How far back missed days are still paid. */
export const CATCH_UP_DAYS = 7;

export interface EmissionPlan {
  /** What an agent gets while there are few. */
  rate: Money;
  /** What each gets today. Above 500 agents the day's cap is shared equally, rounded down to a cent. */
  share: Money;
}

export function planEmission(supply: Money, eligible: number): EmissionPlan {
  const rate = supply.units > HALVING_SUPPLY.units ? half(EMISSION_RATE) : EMISSION_RATE;
  if (eligible === 0) return { rate, share: rate };
  const equal = asUnits(EMISSION_DAY_CAP.units / BigInt(eligible));
  return { rate, share: equal < rate.units ? money('points', equal) : rate };
}

/** What one agent is credited: its share, but nothing above the cap of a balance. */
export function creditFor(share: Money, balance: Money): Money {
  const room = BALANCE_CAP.units - balance.units;
  if (room <= 0n) return points(0);
  return room < share.units ? money('points', room) : share;
}

/**
 * The days to pay now, each as its 00:00 UTC, oldest first: today, and what was missed since the last day paid. A
 * platform that has never paid starts today.
 */
export function daysToPay(lastPaid: Date | undefined, now: Date): Date[] {
  const today = periodStart(now, DAY_MS);
  if (!lastPaid) return [today];
  const since = Math.floor((today.getTime() - lastPaid.getTime()) / DAY_MS);
  const count = Math.min(Math.max(since, 0), CATCH_UP_DAYS + 1);
  return Array.from({ length: count }, (_, index) => before(today, (count - 1 - index) * DAY_MS));
}

const half = (amount: Money): Money => money(amount.currency, amount.units / 2n);
