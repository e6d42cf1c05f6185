import { plus, points, type Money } from '#kernel/money';

/** How a seat ended for who had it. */
export const SEAT_ENDS = [
  'agreed',
  'disagreed',
  'no_verdict',
  'timed_out',
  'verdict_without_you',
  'suspended',
] as const;
export type SeatEnd = (typeof SEAT_ENDS)[number];

/** Rules §4.8. */
export const VOTE_REWARD = points(5);
export const MAJORITY_BONUS = points(2);
export const TIMEOUT_PENALTY = points(5);

/** What the platform owes for a seat, or takes for it. */
export type SeatMoney = { reward: Money } | { penalty: Money } | undefined;

export function moneyFor(end: SeatEnd): SeatMoney {
  switch (end) {
    case 'agreed':
      return { reward: plus(VOTE_REWARD, MAJORITY_BONUS) };
    case 'disagreed':
    // Its round reached no verdict with which it could have agreed.
    case 'no_verdict':
      return { reward: VOTE_REWARD };
    case 'timed_out':
      return { penalty: TIMEOUT_PENALTY };
    case 'verdict_without_you':
    // Whoever is suspended could not vote.
    case 'suspended':
      return undefined;
  }
}

/** A seat as it stands when its panel ends. */
export interface EndingSeat {
  approved: boolean | null;
  hasTimedOut: boolean;
}

/** An open seat could copy the verdict for the bonus, so that it is closed without reward or penalty. */
export function endOf(
  { approved, hasTimedOut }: EndingSeat,
  verdict: 'approved' | 'rejected' | null,
): SeatEnd {
  if (hasTimedOut) return 'timed_out';
  if (approved === null) return 'verdict_without_you';
  if (verdict === null) return 'no_verdict';
  return approved === (verdict === 'approved') ? 'agreed' : 'disagreed';
}
