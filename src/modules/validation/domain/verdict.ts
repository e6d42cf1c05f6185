/**
 * What has become of one seat. A seat for which nobody is to be had is `vacant` and, when it has waited long enough,
 * `unfilled`; the others are somebody's.
 */
export type Ballot = 'approve' | 'reject' | 'timeout' | 'open' | 'vacant' | 'unfilled';

export type Verdict =
  | { kind: 'waiting' }
  | { kind: 'approved' }
  | { kind: 'rejected' }
  /** Each empty seat gets somebody new. */
  | { kind: 'replace'; seats: number }
  /** A split vote about much money: more seats, and a larger majority. */
  | { kind: 'escalate'; seats: number }
  /** A new panel of five decides. */
  | { kind: 'deadlock' }
  /** Nobody is left who could. */
  | { kind: 'operator' };

/** How a panel is made and what it takes to decide. */
export interface Bench {
  seats: number;
  /** So many agreeing decide. */
  quorum: number;
  /** A split vote is no verdict yet. */
  escalatesSplits?: boolean;
}

/** Rules §4.4: three seats, and seven where there are more than 500 verified agents to choose from. */
export const BENCH_OF_THREE: Bench = { seats: 3, quorum: 2 };
export const BENCH_OF_SEVEN: Bench = { seats: 7, quorum: 5 };
/** Rules §4.7: for deadlocks and disputes. Whoever is silent is not replaced. */
export const BENCH_OF_FIVE: Bench = { seats: 5, quorum: 3 };
/** What a bench of three becomes when its vote is split and more is wanted. */
export const ESCALATED_BENCH: Bench = { seats: 5, quorum: 3 };
/** Without a verdict after so many rounds it is a deadlock. */
export const ROUNDS_MAX = 3;
export const VERIFIED_AGENTS_FOR_THREE_MAX = 500;

export const benchFor = (verifiedAgents: number): Bench =>
  verifiedAgents > VERIFIED_AGENTS_FOR_THREE_MAX ? BENCH_OF_SEVEN : BENCH_OF_THREE;

/** Rules §4.5. The ballots are those that count: every vote, and the empty seats of the round that is on. */
export function decide(ballots: readonly Ballot[], bench: Bench = BENCH_OF_THREE, round = 1): Verdict {
  const count = tally(ballots);
  const { approve, reject } = count;
  const pending = count.open + count.vacant;
  if (bench.escalatesSplits) {
    // The last vote may be the one that splits it.
    if (pending > 0) return { kind: 'waiting' };
    const isSplit = approve > 0 && reject > 0 && Math.max(approve, reject) >= bench.quorum;
    if (isSplit) return { kind: 'escalate', seats: ESCALATED_BENCH.seats - bench.seats };
  }
  if (approve >= bench.quorum) return { kind: 'approved' };
  if (reject >= bench.quorum) return { kind: 'rejected' };
  if (pending > 0) return { kind: 'waiting' };
  return withoutQuorum(count, round >= ROUNDS_MAX);
}

/** Rules §4.7: a panel of five decides by three, or not at all. */
export function decideByFive(ballots: readonly Ballot[]): Verdict {
  const { approve, reject, open, vacant } = tally(ballots);
  if (approve >= BENCH_OF_FIVE.quorum) return { kind: 'approved' };
  if (reject >= BENCH_OF_FIVE.quorum) return { kind: 'rejected' };
  return open + vacant > 0 ? { kind: 'waiting' } : { kind: 'operator' };
}

type Tally = Record<Ballot, number>;

/** Every seat has voted, timed out or found nobody. */
function withoutQuorum(count: Tally, isLastRound: boolean): Verdict {
  const { approve, reject, timeout, unfilled } = count;
  const empty = timeout + unfilled;
  // Who did the work is not to suffer for the silence of others.
  if (approve > 0 && reject === 0) return { kind: 'approved' };
  if (empty === 0) return { kind: 'deadlock' };
  if (unfilled > 0 && approve > 0) return { kind: 'deadlock' };
  const areTooFew = unfilled > 0 && approve + reject + timeout < ELIGIBLE_MIN;
  if (areTooFew) return reject === 0 ? { kind: 'approved' } : { kind: 'operator' };
  return isLastRound ? { kind: 'deadlock' } : { kind: 'replace', seats: empty };
}

/** With fewer nobody could agree with anybody. */
const ELIGIBLE_MIN = 2;

function tally(ballots: readonly Ballot[]): Tally {
  const count: Tally = { approve: 0, reject: 0, timeout: 0, open: 0, vacant: 0, unfilled: 0 };
  for (const ballot of ballots) count[ballot]++;
  return count;
}
