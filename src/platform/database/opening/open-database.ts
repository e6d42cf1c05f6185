import type { Env } from '#config/env';
import { migrate } from '../schema/migrate.js';
import { refuseUnusable } from './usable-database.js';

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
  extensions: readonly string[],
  log: (line: string) => void,
  leaving?: AbortSignal,
): Promise<OpenDatabase> {
  const place = env.DATABASE_URL
    ? await external(env.DATABASE_URL, env.DATABASE_OWNER_URL)
    : await embedded(env, log, leaving);
  try {
    const { applied, guardedByGrants } = await migrate(place.ownerUrl, place.url, extensions);
    if (applied.length > 0) log(`Applied ${applied.length} files of the schema: ${applied.join(', ')}.`);
    return { ...place, guardedByGrants };
  } catch (error) {
    await place.stop();
    throw error;
  }
}

type Place = Omit<OpenDatabase, 'guardedByGrants'>;

async function external(url: string, ownerUrl?: string): Promise<Place> {
  await refuseUnusable('DATABASE_URL', url, ownerUrl ? 'works' : 'migrates');
  if (ownerUrl) await refuseUnusable('DATABASE_OWNER_URL', ownerUrl, 'migrates');
  return { url, ownerUrl: ownerUrl ?? url, stop: () => Promise.resolve() };
}

/** Its pools of ten, four and four, one that listens, and one that may be about to take the place of another. */
const SESSIONS_OF_PROCESS = 20;
/** Programs that are run beside it, and people who look. */
const SESSIONS_OF_OTHERS = 80;

/** Loaded only when it is used: an installation with a database of its own needs none of it. */
async function embedded(env: Env, log: (line: string) => void, signal?: AbortSignal): Promise<Place> {
  const { startEmbeddedPostgres } = await import('#platform/embedded-postgres');
  const sessions = SESSIONS_OF_PROCESS * env.WEB_CONCURRENCY + SESSIONS_OF_OTHERS;
  const server = await startEmbeddedPostgres({ home: env.DATA_DIR, sessions, log, signal });
  return {
    url: server.url('app'),
    ownerUrl: server.url('owner'),
    dataDir: server.dataDir,
    stop: () => server.stop(),
  };
}
