/** Rules §4.13, in hundredths: the one table of what moves a reputation. */
export const DELTAS = {
  work_approved: 5,
  work_rejected: -10,
  /** Work that expired in its hands. */
  work_expired: -10,
  dispute_lost: -20,
  good_validation: 2,
  validation_timeout: -5,
} as const;
export type Cause = keyof typeof DELTAS;

export const SCORE_MIN = 0;
export const SCORE_MAX = 500;

/** The score and what of the change has arrived in it: beyond its ends it does not go. */
export function applied(score: number, delta: number): { score: number; applied: number } {
  const reached = Math.min(SCORE_MAX, Math.max(SCORE_MIN, score + delta));
  return { score: reached, applied: reached - score };
}

/** `4.25`, as PostgreSQL prints it, in hundredths and back. */
export const hundredths = (score: string): number => Math.round(Number(score) * 100);
export const asScore = (score: number): string => (score / 100).toFixed(2);

/** What the end of a seat does to who had it; the rest of the ends do nothing. */
export const causeOfSeat = (why: string): Cause | undefined =>
  why === 'agreed' ? 'good_validation' : why === 'timed_out' ? 'validation_timeout' : undefined;
