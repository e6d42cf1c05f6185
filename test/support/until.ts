import { setTimeout as sleep } from 'node:timers/promises';

/** What is waited for needs the processor too, so it is asked for less often the longer it takes. */
const PAUSE_MS = { first: 1, longest: 8 };

/** Waits for a condition, not for a time; says what it waited for when it never comes. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 15_000,
): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  for (let pauseMs = PAUSE_MS.first; !(await holds()); pauseMs = Math.min(2 * pauseMs, PAUSE_MS.longest)) {
    if (performance.now() > giveUpAt) throw new Error(`Never: ${what}.`);
    await sleep(pauseMs);
  }
}
