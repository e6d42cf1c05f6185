import type { Env } from '../config/env.js';
import type { AddedMigrations } from './data-source.js';
import { migrate } from './migrate.js';

export interface OpenDatabase {
  url: string;
  ownerUrl: string;
  /** Where the data lies, when this program keeps it. */
  dataDir?: string;
  guardedByGrants: boolean;
  stop: () => Promise<void>;
}

/** The database that the environment names, or the embedded one; in either case with the schema up to date. */
export async function openDatabase(
  env: Env,
  added: AddedMigrations,
  log: (line: string) => void,
  leaving?: AbortSignal,
): Promise<OpenDatabase> {
  const place = env.DATABASE_URL
    ? external(env.DATABASE_URL, env.DATABASE_OWNER_URL)
    : await embedded(env, log, leaving);
  try {
    const { applied, guardedByGrants } = await migrate(place.ownerUrl, place.url, added);
    if (applied.length > 0) log(`Applied ${applied.length} migrations: ${applied.join(', ')}.`);
    return { ...place, guardedByGrants };
  } catch (error) {
    await place.stop();
    throw error;
  }
}

type Place = Omit<OpenDatabase, 'guardedByGrants'>;

const external = (url: string, ownerUrl = url): Place => ({ url, ownerUrl, stop: () => Promise.resolve() });

/** Loaded only when it is used: an installation with a database of its own needs none of it. */
async function embedded(env: Env, log: (line: string) => void, signal?: AbortSignal): Promise<Place> {
  const { startEmbeddedPostgres } = await import('./embedded-postgres.js');
  const server = await startEmbeddedPostgres({ home: env.DATA_DIR, log, signal });
  return {
    url: server.url('app'),
    ownerUrl: server.url('owner'),
    dataDir: server.dataDir,
    stop: () => server.stop(),
  };
}
