import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type Arena, HOME, openArena } from './ledger/arena.js';
import { benchEmission } from './ledger/emission.js';
import { hasPgbench } from './ledger/floor.js';
import { benchHistory } from './ledger/history.js';
import { printTable, type Row } from './ledger/table.js';
import { benchTransfers } from './ledger/transfers.js';

const PARTS = ['transfers', 'emission', 'history'] as const;

/**
 * The ledger against its bars: `npm run bench:ledger [-- transfers|emission|history]`, all parts without one.
 *   --quick               fewer rounds, agents and rows: to see that it works, not how fast
 *   --rounds, --seconds   of floor and product in turn
 *   --agents              who take part in the emission
 *   --rows                of the log in which histories are read
 *   --node                options for the program's Node, such as --node=--cpu-prof
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      agents: { type: 'string' },
      rows: { type: 'string' },
      node: { type: 'string', multiple: true },
    },
  });
  const numberOr = (text: string | undefined, usual: number, quick: number): number =>
    text === undefined ? (values.quick ? quick : usual) : Number(text);
  const run: Record<(typeof PARTS)[number], (arena: Arena) => Promise<Row[]>> = {
    transfers: (arena) =>
      benchTransfers(arena, {
        rounds: numberOr(values.rounds, 5, 1),
        seconds: numberOr(values.seconds, 8, 3),
      }),
    emission: (arena) => benchEmission(arena, numberOr(values.agents, 1_000_000, 20_000)),
    history: (arena) => benchHistory(arena, numberOr(values.rows, 10_000_000, 200_000)),
  };
  const parts = PARTS.filter((part) => positionals.length === 0 || positionals.includes(part));
  const arena = await openArena(HOME, values.node);
  const rows: Row[] = [];
  try {
    for (const part of parts) {
      console.log(`${part} (load ${loadavg()[0]!.toFixed(1)})`);
      rows.push(...(await run[part](arena)));
    }
  } finally {
    await arena.close();
  }
  console.log(
    hasPgbench() ? 'Floor: pgbench, prepared statements.' : 'Floor: a Node client, for want of pgbench.',
  );
  printTable(rows);
  return rows.every(({ holds }) => holds !== false) ? 0 : 1;
}

process.exitCode = await main();
