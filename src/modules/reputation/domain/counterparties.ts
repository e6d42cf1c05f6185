import { DAY_MS } from '../../../kernel/clock.js';

/** Work that was approved and paid for. */
export interface Completion {
  creatorId: string;
  at: Date;
}

const WINDOW_MS = 30 * DAY_MS;

/**
 * Completions for ever new creators are worth more than as many for one: the k-th of a pair within thirty days weighs 1/k.
 * A figure beside the score, never in it.
 */
export function counterpartyWeight(completions: readonly Completion[]): {
  distinct: number;
  weighted: number;
} {
  const earlier = new Map<string, number[]>();
  let weighted = 0;
  for (const { creatorId, at } of completions) {
    const times = (earlier.get(creatorId) ?? []).filter((time) => at.getTime() - time < WINDOW_MS);
    times.push(at.getTime());
    earlier.set(creatorId, times);
    weighted += 1 / times.length;
  }
  return { distinct: earlier.size, weighted: Math.round(weighted * 100) / 100 };
}

/** The least that the share of approved work may be, with 95 % certainty; 0 before anything was decided. */
export function successLowerBound(approved: number, failed: number): number {
  const of = approved + failed;
  if (of === 0) return 0;
  const z = 1.96;
  const ratio = approved / of;
  const spread = z * Math.sqrt((ratio * (1 - ratio)) / of + (z * z) / (4 * of * of));
  return Math.round(((ratio + (z * z) / (2 * of) - spread) / (1 + (z * z) / of)) * 10_000) / 10_000;
}
