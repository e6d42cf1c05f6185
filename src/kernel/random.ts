import { createHmac } from 'node:crypto';

/** Chance that rules take as an argument: a number in [0, 1). */
export type Chance = () => number;

/**
 * The i-th draw below a bound from a seed that is published afterwards, so that anyone can draw it again: the
 * first eight bytes of HMAC-SHA256(seed, i), modulo the bound.
 */
export function drawBelow(seed: Buffer, index: number, bound: bigint): bigint {
  const digest = createHmac('sha256', seed).update(String(index)).digest();
  return digest.readBigUInt64BE(0) % bound;
}

/** What all picks about one thing hang on: nobody who lacks the secret can foresee it, and nobody can choose it. */
export const seedFor = (secret: Buffer, subject: string): Buffer =>
  createHmac('sha256', secret).update(subject).digest();
