import { rmSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { type EmbeddedServer, startEmbeddedPostgres } from '#platform/embedded-postgres';
import { type ApiProcess, freePort, startApi } from '../api-process.js';
import { insertAgents, knownAgents, KNOWN_SECRETS } from '../many-agents.js';

/** Enough that 256 connections seldom meet on one account. */
export const AGENTS = 2_000;
const POINTS_EACH = 1_000_000;

/** One durable embedded server, the built program on it with everything on, and agents who can pay. */
export interface Arena {
  readonly home: string;
  readonly api: ApiProcess;
  readonly superuser: pg.Client;
  readonly superuserUrl: string;
  close(): Promise<void>;
}

export async function openArena(home: string, nodeOptions: readonly string[] = []): Promise<Arena> {
  // The ledger remembers for ever: on the database of an earlier run no day could be paid again.
  rmSync(home, { recursive: true, force: true });
  const server = await startEmbeddedPostgres({ home });
  const api = await startApi({ home, port: await freePort(), env: ENVIRONMENT, nodeOptions });
  const superuserUrl = server.url('superuser');
  const superuser = new pg.Client({ connectionString: superuserUrl });
  await superuser.connect();
  await makeAgents(superuser);
  return { home, api, superuser, superuserUrl, close: () => close(server, api, superuser) };
}

export const HOME = path.resolve('.data/bench-ledger');

/** Limits are counted and their headers written; they are only too large to be reached. */
const ENVIRONMENT = { ...KNOWN_SECRETS, RATE_LIMIT_FACTOR: '100000' };

async function makeAgents(superuser: pg.Client): Promise<void> {
  const agents = knownAgents(AGENTS);
  const { rowCount } = await superuser.query('SELECT FROM agents WHERE id = $1', [agents[0]!.id]);
  if (rowCount === 0) await insertAgents(superuser, agents, POINTS_EACH);
  await superuser.query('ANALYZE agents, accounts');
}

async function close(server: EmbeddedServer, api: ApiProcess, superuser: pg.Client): Promise<void> {
  await api.end('SIGTERM');
  await superuser.end();
  await server.stop();
}
