import { DAY_MS } from '#kernel/clock';
import { money, type Money } from '#kernel/money';

/** Rules §5.5: what was not used in 90 days loses a tenth every 30 days. */
export const STEP_DAYS = 30;
export const STEP_MS = STEP_DAYS * DAY_MS;
export const AGED_STEPS = 3;
export const DECAY_BPS = 1_000;
/** 2026-01-01, from which steps are counted. They are a calendar, not a schedule: a late one is still the same step. */
export const LEDGER_EPOCH_MS = 1_767_225_600_000;

/** The step that has begun last. */
export const stepAt = (time: Date): number => Math.floor((time.getTime() - LEDGER_EPOCH_MS) / STEP_MS);

/** When a step begins, as a timestamp: its snapshot is of this moment, and what has aged by then decays. */
export const stepBeginsMs = (step: number): number => LEDGER_EPOCH_MS + step * STEP_MS;

/** What an account held and had spent in all, at one moment. */
export interface Holding {
  balance: Money;
  spentTotal: Money;
}

/**
 * What is left of the points that were held 90 days ago. The oldest are spent first, so that everything spent
 * since came out of them: no lots have to be kept. A refund gives back what was spent last.
 */
export function agedPoints(then: Holding, now: Holding): Money {
  const { currency } = now.balance;
  const left = then.balance.units - (now.spentTotal.units - then.spentTotal.units);
  if (left <= 0n) return money(currency, 0n);
  return money(currency, left < now.balance.units ? left : now.balance.units);
}

/** A tenth of it, rounded down to a cent. */
export const decayOf = (aged: Money): Money =>
  money(aged.currency, (aged.units * BigInt(DECAY_BPS)) / 10_000n);
