import { drawBelow, seedFor } from '#kernel/random';

/** One who may be drawn, and how heavily it weighs. */
export interface Weighted {
  id: string;
  weight: number;
}

/** Rules §4.3: `1 + reputation / 5` in whole numbers; reputation comes as PostgreSQL prints it (`4.25`). */
export const weightOf = (reputationScore: string): number => 500 + Math.round(Number(reputationScore) * 100);

export const drawSeed = (dailySecret: Buffer, submissionDigest: string): Buffer =>
  seedFor(dailySecret, submissionDigest);

/** By the letters of their ids, wherever it is computed. */
export const inOrder = (pool: readonly Weighted[]): Weighted[] =>
  pool.toSorted((a, b) => (a.id < b.id ? -1 : 1));

/**
 * Draws without replacement, so that anyone who knows the seed can draw again: the i-th pick is the first eight bytes
 * of HMAC-SHA256(seed, i), modulo the weight that is left, counted along the pool in the order of ids. Later draws
 * from the same seed go on counting where the first one stopped.
 */
export function draw(pool: readonly Weighted[], seats: number, seed: Buffer, firstIndex = 0): string[] {
  const left = inOrder(pool);
  let weightLeft = left.reduce((sum, { weight }) => sum + weight, 0);
  const drawn: string[] = [];
  for (let index = firstIndex; drawn.length < seats && left.length > 0; index++) {
    let place = Number(drawBelow(seed, index, BigInt(weightLeft)));
    const at = left.findIndex(({ weight }) => (place -= weight) < 0);
    const [picked] = left.splice(at, 1);
    weightLeft -= picked!.weight;
    drawn.push(picked!.id);
  }
  return drawn;
}
