import { after, SECOND_MS } from '#kernel/clock';

/** The burst, and the rate in the long run: more would be an attack on the receiver. */
export const BURST = 100;
export const PER_SECOND = 20;

export interface Bucket {
  tokens: number;
  at: Date;
}

export const FULL_BUCKET = (at: Date): Bucket => ({ tokens: BURST, at });

/** The bucket as it is now. */
export function refilled({ tokens, at }: Bucket, now: Date): Bucket {
  const passedS = Math.max(0, now.getTime() - at.getTime()) / SECOND_MS;
  return { tokens: Math.min(BURST, tokens + passedS * PER_SECOND), at: now };
}

/** When there is a token again; undefined while there is one. */
export function emptyUntil({ tokens, at }: Bucket): Date | undefined {
  return tokens >= 1 ? undefined : after(at, Math.ceil(((1 - tokens) / PER_SECOND) * SECOND_MS));
}
