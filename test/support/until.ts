import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition, not for a time; says what it waited for when it never comes. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 15_000,
): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error(`Never: ${what}.`);
    await sleep(2);
  }
}
