/** Rules §4.1: who is right less often than this does not judge. */
export const ACCURACY_MIN = 0.8;
/** So many of the last judged assignments count, and with fewer than the least nothing is known. */
export const JUDGED_MAX = 20;
export const JUDGED_MIN = 5;

/** The 95 % quantile of both sides. */
const Z = 1.96;

/** The raw ratio, which the wire shows; null before anything was judged. */
export const accuracyOf = (outcomes: readonly boolean[]): number | null =>
  outcomes.length === 0 ? null : rightOf(outcomes) / outcomes.length;

/**
 * By the upper bound of what the accuracy may be, so that a newcomer is eligible and a bad run passes; by the raw
 * ratio where an operator wants that. Outcomes come newest first.
 */
export function isReliable(outcomes: readonly boolean[], by: 'wilson' | 'ratio' = 'wilson'): boolean {
  if (outcomes.length < JUDGED_MIN) return true;
  const judged = outcomes.slice(0, JUDGED_MAX);
  const right = rightOf(judged);
  const accuracy = by === 'wilson' ? wilsonUpper(right, judged.length) : right / judged.length;
  return accuracy >= ACCURACY_MIN;
}

export const wilsonUpper = (right: number, of: number): number => wilson(right, of, 1);
export const wilsonLower = (right: number, of: number): number => wilson(right, of, -1);

function wilson(right: number, of: number, side: 1 | -1): number {
  const ratio = right / of;
  const spread = Z * Math.sqrt((ratio * (1 - ratio)) / of + (Z * Z) / (4 * of * of));
  return (ratio + (Z * Z) / (2 * of) + side * spread) / (1 + (Z * Z) / of);
}

const rightOf = (outcomes: readonly boolean[]): number => outcomes.filter(Boolean).length;
