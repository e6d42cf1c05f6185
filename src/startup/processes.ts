import cluster, { type Address, type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '#config/settings';
import type { Shutdown } from './shutdown.js';

const RESTART_PAUSE_MS = 500;
/** A child ends its connections within ten seconds by itself. */
const STOP_MAX_MS = 12_000;

/** The child has said in its own words why. */
export class ChildCannotStart extends Error {
  override readonly name = 'ChildCannotStart';
}

/** WEB_CONCURRENCY: as many processes on one port; one that dies is replaced. Answers the port. */
export async function inChildProcesses(settings: Settings, shutdown: Shutdown): Promise<number | undefined> {
  const environment = environmentOf(settings);
  const begin = (): Promise<number | undefined> => started(cluster.fork(environment), settings);
  const first = await shutdown.open(begin, stopAll);
  // What stops one child stops them all, so the others start when the first one has: a mistake is told once.
  await shutdown.open(() => Promise.all(Array.from({ length: settings.env.WEB_CONCURRENCY - 1 }, begin)));
  replaceTheDead(environment, shutdown);
  return first;
}

/** The children share the database and the secrets of their parent, wherever it has them from. */
function environmentOf(settings: Settings): Record<string, string> {
  return {
    DATABASE_URL: settings.databaseUrl,
    DATABASE_OWNER_URL: settings.databaseOwnerUrl,
    API_KEY_PEPPER: settings.keys.apiKeyPepper,
    ENCRYPTION_KEY: settings.keys.encryption,
    SIGNING_KEY: settings.keys.signing,
    ...(settings.operatorKey && { OPERATOR_KEY: settings.operatorKey }),
  };
}

async function started(child: Worker, settings: Settings): Promise<number | undefined> {
  const failed = once(child, 'exit').then(([code]) => {
    throw new ChildCannotStart(`process ${child.process.pid} ended with ${code}.`);
  });
  if (settings.env.ROLE === 'worker') {
    await Promise.race([once(child, 'online'), failed]);
    return undefined;
  }
  const listening = once(child, 'listening').then(([address]) => (address as Address).port);
  return Promise.race([listening, failed]);
}

function replaceTheDead(environment: Record<string, string>, shutdown: Shutdown): void {
  cluster.on('exit', (dead, code, signal) => {
    if (shutdown.requested) return;
    console.error(`Process ${dead.process.pid} ended with ${signal ?? code}; another one takes its place.`);
    void sleep(RESTART_PAUSE_MS).then(() => {
      if (!shutdown.requested) cluster.fork(environment);
    });
  });
}

async function stopAll(): Promise<void> {
  const children = Object.values(cluster.workers ?? {}).filter((child) => child !== undefined);
  const gone = Promise.all(children.filter((child) => !child.isDead()).map((child) => once(child, 'exit')));
  for (const child of children) child.process.kill('SIGTERM');
  await Promise.race([gone, sleep(STOP_MAX_MS)]);
  for (const child of children) if (!child.isDead()) child.process.kill('SIGKILL');
}
