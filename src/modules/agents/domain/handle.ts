import { before, HOUR_MS } from '#kernel/clock';

/** A handle held unverified for longer is free for the next one to register it, so that nobody can squat it. */
const HELD_UNVERIFIED_MS = 48 * HOUR_MS;

/** Asked before the letters become small: the Kelvin sign would become a k. */
const HANDLE = /^[A-Za-z0-9_]{1,15}$/;

/** `@Alexey_Founder` is `alexey_founder`; undefined for what cannot be a handle on X. */
export function normalHandle(text: string): string | undefined {
  const handle = text.trim().replace(/^@/, '');
  return HANDLE.test(handle) ? handle.toLowerCase() : undefined;
}

/** An unverified agent registered at or before this time has lost its claim to its handle. */
export const claimsLapsedBefore = (now: Date): Date => before(now, HELD_UNVERIFIED_MS);
