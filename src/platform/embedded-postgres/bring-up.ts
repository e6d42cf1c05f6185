import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { CannotStartPostgres } from './cannot-start-postgres.js';
import { createCluster, resetPassword } from './cluster.js';
import { type DataHome, hasCluster, logOf, socketFolderOf } from './data-home.js';
import { freePorts } from './free-ports.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { findPostmaster, launchPostmaster } from './postmaster.js';
import { provisionDatabase } from './provision-database.js';
import {
  inventIdentity,
  readIdentity,
  ROLE_NAMES,
  saveIdentity,
  type ServerIdentity,
} from './server-identity.js';
import { withStartLock } from './start-lock.js';

export interface ServerPlan {
  readonly home: DataHome;
  readonly binaries: PostgresBinaries;
  readonly fast: boolean;
  readonly sessions: number;
  readonly preferredPort?: number;
}

export interface RunningServer {
  readonly identity: ServerIdentity;
  readonly port: number;
  /** An open session: others see by it that somebody is here, and its end says that the server is gone. */
  readonly presence: Client;
}

/**
 * Adopts the server of this home or starts it, one process at a time. Every step may be repeated, so whatever
 * a killed predecessor left half done is finished here. `samePort`: a program with open pools waits for it.
 */
export function bringUp(plan: ServerPlan, signal: AbortSignal, samePort?: number): Promise<RunningServer> {
  return withStartLock(plan.home.folder, signal, async () => {
    const known = readIdentity(plan.home);
    const adopted = await adopt(plan.home, known, signal);
    const { identity, port } = adopted ?? (await start(plan, known, signal, samePort));
    if (known?.port !== port) saveIdentity(plan.home, { ...identity, port });
    const connect = (database: string): Promise<Client> => connectAsSuperuser(identity, port, database);
    await provisionDatabase(connect, identity, plan.fast);
    return { identity, port, presence: await connect('postgres') };
  });
}

interface Found {
  readonly identity: ServerIdentity;
  readonly port: number;
}

const POLL_MS = 20;

/** Waits out a server that is starting or stopping. */
async function adopt(
  home: DataHome,
  identity: ServerIdentity | undefined,
  signal: AbortSignal,
): Promise<Found | undefined> {
  for (;;) {
    const running = findPostmaster(home);
    if (!running) return undefined;
    const strange = `PostgreSQL runs in ${home.folder} with other passwords than database.json has: stop it (kill -INT ${running.pid}) and start again.`;
    if (!identity) throw new CannotStartPostgres(strange);
    if (running.isReady) {
      const refusal = await refusalOf(identity, running.port);
      if (refusal === undefined) return { identity, port: running.port };
      if (refusal === WRONG_PASSWORD) throw new CannotStartPostgres(strange);
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

async function start(
  plan: ServerPlan,
  known: ServerIdentity | undefined,
  signal: AbortSignal,
  samePort: number | undefined,
): Promise<Found> {
  const identity = known ?? inventIdentity();
  const password = identity.passwords.superuser;
  if (!hasCluster(plan.home.folder))
    await createCluster(plan.home, plan.binaries, password, { ...plan, signal });
  else if (!known) await resetPassword(plan.home, plan.binaries, password, signal);
  saveIdentity(plan.home, identity);
  const wished = [plan.preferredPort, identity.port];
  const ports = samePort === undefined ? freePorts(plan.home.folder, wished) : [samePort];
  for await (const port of ports) {
    if (await launch(plan, port, signal)) return { identity, port };
  }
  throw new CannotStartPostgres(`Port ${samePort} of PostgreSQL is taken by another program.`);
}

/** False when the port was taken after all. */
async function launch(plan: ServerPlan, port: number, signal: AbortSignal): Promise<boolean> {
  let socketFolder = socketFolderOf(plan.home);
  for (;;) {
    const launched = await launchPostmaster(plan.home, plan.binaries, port, {
      ...plan,
      socketFolder,
      signal,
    });
    if ('pid' in launched) return true;
    if (launched.portTaken) return false;
    if (launched.socketRefused && socketFolder !== undefined) {
      socketFolder = undefined;
      continue;
    }
    if (!launched.predecessorLeaving)
      throw new CannotStartPostgres(`PostgreSQL did not start: ${launched.reason} (see ${logOf(plan.home)})`);
    await sleep(POLL_MS, undefined, { signal });
  }
}

const WRONG_PASSWORD = '28P01';

async function refusalOf(identity: ServerIdentity, port: number): Promise<string | undefined> {
  try {
    const client = await connectAsSuperuser(identity, port, 'postgres');
    await client.end();
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

async function connectAsSuperuser(identity: ServerIdentity, port: number, database: string): Promise<Client> {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: ROLE_NAMES.superuser,
    password: identity.passwords.superuser,
    database,
    ssl: false,
    application_name: 'upmoltwork presence',
    connectionTimeoutMillis: 3_000,
    query_timeout: 10_000,
  });
  // A lost connection is told by `end`; without a listener its error would end the program.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
