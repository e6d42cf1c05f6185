import { DAY_MS } from '#kernel/clock';

/** Work that was approved and paid for. */
export interface Completion {
  creatorId: string;
  at: Date;
}

const WINDOW_MS = 30 * DAY_MS;

/**
 * Completions for ever new creators are worth more than as many for one: the k-th of a pair within thirty days weighs 1/k.
 * A figure beside the score, never in it. They come the oldest first.
 */
export function counterpartyWeight(completions: readonly Completion[]): {
  distinct: number;
  weighted: number;
} {
  const pairs = new Map<string, { times: number[]; past: number }>();
  let weighted = 0;
  for (const { creatorId, at } of completions) {
    const pair = pairs.get(creatorId) ?? { times: [], past: 0 };
    pairs.set(creatorId, pair);
    pair.times.push(at.getTime());
    // What is past for one is past for all that follow, so that thousands for one creator are walked through once.
    while (at.getTime() - pair.times[pair.past]! >= WINDOW_MS) pair.past++;
    weighted += 1 / (pair.times.length - pair.past);
  }
  return { distinct: pairs.size, weighted: Math.round(weighted * 100) / 100 };
}

/** The least that the share of approved work may be, with 95 % certainty; 0 before anything was decided. */
export function successLowerBound(approved: number, failed: number): number {
  const of = approved + failed;
  if (of === 0) return 0;
  const z = 1.96;
  const ratio = approved / of;
  const spread = z * Math.sqrt((ratio * (1 - ratio)) / of + (z * z) / (4 * of * of));
  const bound = (ratio + (z * z) / (2 * of) - spread) / (1 + (z * z) / of);
  return Math.max(0, Math.round(bound * 10_000) / 10_000);
}
