import type { NestExpressApplication } from '@nestjs/platform-express';
import cluster from 'node:cluster';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { Env } from '#config/env';
import { operatorKeyFor } from '#config/kept-secrets';
import { loadEnv, readDotEnv } from '#config/load-env';
import { Settings } from '#config/settings';
import { schemasOf } from '#extensions/extension';
import { EXTENSIONS } from '#extensions/index';
import { openDatabase, secretsOfDatabase } from '#platform/database';
import { createApp } from './bootstrap.js';
import { inChildProcesses } from './processes.js';
import { closeApp, Shutdown } from './shutdown.js';
import { tellWhereItIs } from './welcome.js';
import { whyItCannotStart } from './why-it-cannot-start.js';

/** Starts what ROLE asks for, or says in readable lines why it cannot. */
export async function run(): Promise<void> {
  // Before anything else: a Ctrl-C while the database starts must not leave it running.
  const shutdown = new Shutdown();
  try {
    readDotEnv();
    await start(loadEnv(), shutdown);
  } catch (error) {
    if (shutdown.requested) return;
    console.error(whyItCannotStart(error));
    await shutdown.now(1);
  }
}

async function start(env: Env, shutdown: Shutdown): Promise<void> {
  const startedAt = performance.now();
  if (cluster.isPrimary && env.ROLE !== 'worker') await refuseTakenPort(env);
  const database = await shutdown.open(
    (leaving) => openDatabase(env, schemasOf(EXTENSIONS), console.log, leaving),
    (opened) => opened.stop(),
  );
  const keys = await secretsOfDatabase(env, database.ownerUrl);
  const operator = operatorKeyFor(env);
  const settings = new Settings(env, database.url, database.ownerUrl, keys, operator.key);
  const port =
    env.WEB_CONCURRENCY > 1 && cluster.isPrimary
      ? await inChildProcesses(settings, shutdown)
      : await inThisProcess(settings, shutdown);
  if (cluster.isPrimary) tellWhereItIs(settings, port, operator, database, performance.now() - startedAt);
}

/** The commonest mistake is told before a database is started, and in one line. */
async function refuseTakenPort({ PORT, HOST }: Env): Promise<void> {
  const probe = createServer().listen(PORT, HOST);
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}

/** The port that it listens on; a worker listens on none. */
async function inThisProcess(settings: Settings, shutdown: Shutdown): Promise<number | undefined> {
  const { HOST, PORT, ROLE } = settings.env;
  const app = await shutdown.open(() => createApp(settings), closeApp);
  await shutdown.open<unknown>(() => (ROLE === 'worker' ? app.init() : app.listen(PORT, HOST)));
  return ROLE === 'worker' ? undefined : portOf(app);
}

const portOf = (app: NestExpressApplication): number => (app.getHttpServer().address() as AddressInfo).port;
