import { isReliable } from './accuracy.js';
import { draw, inOrder, weightOf, type Weighted } from './draw.js';

/** Rules §4.1: who has more seats than this still to vote on gets no other. */
export const OPEN_SEATS_MAX = 3;
/** Rules §4.7. */
export const DISPUTE_REPUTATION_MIN = 4;

/** Rules §4.7: a panel of five is for agents who had work approved for so many different creators. */
export const RECORD_CREATORS_MIN = 5;
/** Rules §4.1: who has let so many assignments in a row pass is asked again once it has called the API. */
export const SILENCES_MAX = 2;

/**
 * Why somebody should rather not judge this work: in this order of weight, the last dropped first. Whoever lost to the
 * executor gains by a rejection.
 */
export const SOFT_CONFLICTS = [
  'bid_on_task',
  'same_webhook_host',
  'transfers',
  'mutual_validations',
  'not_seen',
] as const;
export type SoftConflict = (typeof SOFT_CONFLICTS)[number];

/** A verified agent as the draw sees it, with what speaks against its judging this work. */
export interface Candidate {
  id: string;
  reputationScore: string;
  openSeats: number;
  /** Whether its last judged assignments were right, newest first. */
  outcomes: readonly boolean[];
  sameOwner: boolean;
  /** It lets assignments pass, and has not called the API since. */
  isAsleep: boolean;
  conflicts: readonly SoftConflict[];
}

export interface Wanted {
  seats: number;
  creatorId: string;
  executorId: string;
  /** Whoever had a seat before has none again. */
  seatedBefore: ReadonlySet<string>;
  reputationMin?: number;
  /** Who has the record that a panel of five asks for. */
  hasRecord?: (id: string) => boolean;
  accuracyBy?: 'wilson' | 'ratio';
  /** Off where an operator wants the bare rules. */
  avoidsConflicts?: boolean;
  /** Newcomers who are examined first. */
  isExamined?: (id: string) => boolean;
}

export type Exclusion =
  | 'party'
  | 'seated_before'
  | 'reputation'
  | 'record'
  | 'accuracy'
  | 'load'
  | 'same_owner'
  | 'asleep'
  | 'exam'
  | SoftConflict;

export interface Pool {
  pool: Weighted[];
  /** Conflicts that had to be put up with, because too few would have been left. */
  dropped: SoftConflict[];
  /** How many were out, and why. */
  excluded: Partial<Record<Exclusion, number>>;
}

export function selectPool(candidates: readonly Candidate[], wanted: Wanted): Pool {
  const excluded: Pool['excluded'] = {};
  const out = (why: Exclusion): void => {
    excluded[why] = (excluded[why] ?? 0) + 1;
  };
  const eligible = candidates.filter((candidate) => {
    const why = exclusionOf(candidate, wanted);
    if (why) out(why);
    return !why;
  });
  const { kept, avoided, dropped } = withoutConflicts(eligible, wanted);
  for (const { conflicts } of avoided) out(conflicts[0]!);
  const pool = kept.map(({ id, reputationScore }) => ({ id, weight: weightOf(reputationScore) }));
  return { pool: inOrder(pool), dropped, excluded };
}

export interface Selection extends Pool {
  drawn: string[];
}

export function selectValidators(
  candidates: readonly Candidate[],
  wanted: Wanted,
  seed: Buffer,
  firstIndex = 0,
): Selection {
  const selected = selectPool(candidates, wanted);
  return { ...selected, drawn: draw(selected.pool, wanted.seats, seed, firstIndex) };
}

function exclusionOf(candidate: Candidate, wanted: Wanted): Exclusion | undefined {
  const { id, reputationScore, openSeats, outcomes, sameOwner, isAsleep } = candidate;
  if (id === wanted.creatorId || id === wanted.executorId) return 'party';
  if (wanted.seatedBefore.has(id)) return 'seated_before';
  if (wanted.reputationMin && Number(reputationScore) < wanted.reputationMin) return 'reputation';
  if (wanted.hasRecord && !wanted.hasRecord(id)) return 'record';
  if (!isReliable(outcomes, wanted.accuracyBy)) return 'accuracy';
  if (openSeats > OPEN_SEATS_MAX) return 'load';
  if (sameOwner) return 'same_owner';
  if (isAsleep) return 'asleep';
  return wanted.isExamined?.(id) ? 'exam' : undefined;
}

/** Conflicts are heeded while enough are left without them. */
function withoutConflicts(
  eligible: readonly Candidate[],
  { seats, avoidsConflicts = true }: Wanted,
): { kept: readonly Candidate[]; avoided: readonly Candidate[]; dropped: SoftConflict[] } {
  if (!avoidsConflicts) return { kept: eligible, avoided: [], dropped: [] };
  const heeded: SoftConflict[] = [...SOFT_CONFLICTS];
  const dropped: SoftConflict[] = [];
  for (;;) {
    const isAvoided = ({ conflicts }: Candidate): boolean => conflicts.some((one) => heeded.includes(one));
    const kept = eligible.filter((candidate) => !isAvoided(candidate));
    const last = heeded.at(-1);
    if (kept.length >= Math.min(seats, eligible.length) || !last)
      return { kept, avoided: eligible.filter(isAvoided), dropped };
    heeded.pop();
    dropped.push(last);
  }
}
