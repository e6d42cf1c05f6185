import path from 'node:path';
import { parseArgs } from 'node:util';
import { proveLedger } from './ledger/prove.js';

const LIES_SHOWN = 50;

/**
 * Transfers under fire: `npm run prove:ledger`.
 *   --seconds, --clients   60 and 64
 *   --seed                 of an earlier run, to make the same requests again
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      clients: { type: 'string', default: '64' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    },
  });
  const { lies, ...counts } = await proveLedger({
    home: path.resolve('.data/prove-ledger'),
    seconds: Number(values.seconds),
    clients: Number(values.clients),
    seed: Number(values.seed),
  });
  console.log(
    `${counts.acknowledged} answers said paid, ${counts.refused} refused, ${counts.retried} after retries; ` +
      `the API was killed ${counts.apiKills} times, PostgreSQL ${counts.databaseKills} times.`,
  );
  if (lies.length === 0) {
    console.log('Every transfer is there exactly as its client was told, and the ledger adds up.');
    return 0;
  }
  console.error(`Seed ${values.seed}: ${lies.length} things are not as clients were told.`);
  for (const lie of lies.slice(0, LIES_SHOWN)) console.error(`  ${lie}`);
  return 1;
}

process.exitCode = await main();
