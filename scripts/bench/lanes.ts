import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, Lane } from './lane.js';

export interface Drive {
  url: string;
  connections: number;
  seconds: number;
  /** Requests a second in all, where they shall not be as many as possible. */
  rate?: number | undefined;
}

export interface Driven {
  requests: number;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
  statuses: Record<string, number>;
}

/**
 * As many lanes side by side, each sending as soon as it was answered; or, at a rate, when its turn has come. Then a
 * request's time counts from its turn: a server that stands still delays all who should have asked meanwhile.
 */
export async function driveLanes(
  { url, connections, seconds, rate }: Drive,
  sendOn: (lane: Lane, which: number) => Promise<Answer>,
): Promise<Driven> {
  const lanes = await Promise.all(Array.from({ length: connections }, () => Lane.to(url)));
  const tookMs: number[] = [];
  const statuses: Record<string, number> = {};
  const begunAt = performance.now();
  const endsAt = begunAt + seconds * 1_000;
  await Promise.all(
    lanes.map(async (lane, which) => {
      for (let turn = which; ; turn += connections) {
        const now = performance.now();
        const askedAt = rate === undefined ? now : begunAt + (turn * 1_000) / rate;
        if (askedAt >= endsAt) return;
        if (askedAt > now) await sleep(askedAt - now);
        const { status } = await sendOn(lane, which);
        statuses[status] = (statuses[status] ?? 0) + 1;
        tookMs.push(performance.now() - askedAt);
      }
    }),
  );
  const took = performance.now() - begunAt;
  for (const lane of lanes) lane.close();
  const sorted = Float64Array.from(tookMs).toSorted();
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return {
    requests: sorted.length,
    seconds: took / 1_000,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: sorted.at(-1) ?? Number.NaN,
    statuses,
  };
}
