import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { liveOnce } from './market/life.js';
import { proveMarket } from './market/prove.js';

const VIOLATIONS_SHOWN = 20;

/**
 * The rules of the board and the oracle of the ledger, lived a hundred thousand times: `npm run prove:market`.
 *   --seeds, --steps     100000 and 100
 *   --threads            as many as there are cores
 *   --seed               lives this one alone, and tells every step
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '100000' },
      steps: { type: 'string', default: '100' },
      threads: { type: 'string', default: String(availableParallelism()) },
      seed: { type: 'string' },
    },
  });
  const steps = Number(values.steps);
  if (values.seed !== undefined) return replay(Number(values.seed), steps);
  const startedAt = performance.now();
  const told = await proveMarket(path.join(import.meta.dirname, 'market', 'worker.js'), {
    seeds: Number(values.seeds),
    steps,
    threads: Number(values.threads),
  });
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  console.log(
    `${values.seeds} lives of ${steps} steps in ${seconds} s: ${told.done} acts, ${told.refused} refused.`,
  );
  console.log(
    `In the end: ${Object.entries(told.ends)
      .map(([status, count]) => `${count} ${status}`)
      .join(', ')}.`,
  );
  if (told.violations.length === 0) {
    console.log('Every law held after every step, and silence ended what needs nobody’s judgement.');
    return 0;
  }
  console.error(`${told.violations.length} lives broke a law. Again: npm run prove:market -- --seed <seed>`);
  for (const { seed, violation } of told.violations.slice(0, VIOLATIONS_SHOWN))
    console.error(`  seed ${seed}: ${violation}`);
  return 1;
}

function replay(seed: number, steps: number): number {
  const { violation } = liveOnce(seed, steps, (line) => console.log(line));
  console.log(violation ?? 'Every law held.');
  return violation === undefined ? 0 : 1;
}

process.exitCode = await main();
