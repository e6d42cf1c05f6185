import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

export interface Share {
  first: number;
  seeds: number;
  stride: number;
  steps: number;
}

export interface Told {
  done: number;
  refused: number;
  ends: Record<string, number>;
  violations: { seed: number; violation: string }[];
}

/** The seeds, shared among threads. */
export async function proveMarket(
  program: string,
  { seeds, steps, threads }: { seeds: number; steps: number; threads: number },
): Promise<Told> {
  const shares = Array.from({ length: threads }, (_, first): Share => ({
    first,
    seeds,
    stride: threads,
    steps,
  }));
  const told = await Promise.all(shares.map((share) => runShare(program, share)));
  return told.reduce(together);
}

async function runShare(program: string, share: Share): Promise<Told> {
  const worker = new Worker(program, { workerData: share });
  const [told] = (await once(worker, 'message')) as [Told];
  return told;
}

const together = (a: Told, b: Told): Told => ({
  done: a.done + b.done,
  refused: a.refused + b.refused,
  ends: Object.fromEntries(
    [...new Set([...Object.keys(a.ends), ...Object.keys(b.ends)])].map((status) => [
      status,
      (a.ends[status] ?? 0) + (b.ends[status] ?? 0),
    ]),
  ),
  violations: [...a.violations, ...b.violations].toSorted((one, other) => one.seed - other.seed),
});
