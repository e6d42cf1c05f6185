import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DataSource } from 'typeorm';
import type { Env } from '#config/env';
import { loadEnv, readDotEnv } from '#config/load-env';
import { sharedOptions } from '#platform/database';
import { startEmbeddedPostgres } from '#platform/embedded-postgres';
import { verifyLedger } from './verify-ledger.js';

/**
 * Holds the books against the log, without the application: `npm run ledger:verify`.
 *   --full     everything since the first movement, not only what happened since the last clean run
 * Looks at DATABASE_URL, or at the embedded database in DATA_DIR. Ends with 0 when all adds up, 1 when not, 2 when
 * it could not look.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { full: { type: 'boolean', default: false } } });
  readDotEnv();
  const place = await openPlace(loadEnv());
  const dataSource = new DataSource({ ...sharedOptions(place.url), poolSize: 2 });
  try {
    await dataSource.initialize();
    const { clean, lines } = await verifyLedger(dataSource, { full: values.full, at: new Date() });
    for (const line of lines) console.log(line);
    return clean ? 0 : 1;
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await place.stop();
  }
}

async function openPlace({ DATABASE_URL, DATA_DIR }: Env): Promise<{ url: string; stop(): Promise<void> }> {
  if (DATABASE_URL) return { url: DATABASE_URL, stop: () => Promise.resolve() };
  // Starting it would make an empty one, whose books are in perfect order.
  if (!existsSync(DATA_DIR)) throw new Error(`There is no data in ${DATA_DIR}, and DATABASE_URL is not set.`);
  const server = await startEmbeddedPostgres({ home: DATA_DIR });
  return { url: server.url('app'), stop: () => server.stop() };
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`The ledger could not be verified: ${(error as Error).message}`);
  process.exitCode = 2;
}
