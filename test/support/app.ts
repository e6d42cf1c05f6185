import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import { Env } from '#config/env';
import { Settings } from '#config/settings';
import { type Extension, schemasOf } from '#extensions/extension';
import { migrate } from '#platform/database';
import { createApp } from '#startup/bootstrap';
import { Api } from './api.js';
import { aDatabase, type TestDatabase } from './database.js';

export const OPERATOR_KEY = `opk_${'f'.repeat(64)}`;

export interface TestApp {
  nest: NestExpressApplication;
  api: Api;
  database: TestDatabase;
  baseUrl: string;
  settings: Settings;
  close(): Promise<void>;
}

/**
 * The whole application on a database of its own, listening on a free port. The board is empty: the platform posts
 * nothing by itself, as it would in the first second, unless a test asks for it with `SYSTEM_TASKS: 'on'`.
 */
export async function anApp(
  env: Partial<Env> = {},
  shared?: TestDatabase,
  extensions?: readonly Extension[],
): Promise<TestApp> {
  const database = shared ?? (await aDatabase());
  const settings = testSettings(database, env);
  // The template has the tables of the installation's own extensions alone.
  if (extensions) await migrate(database.ownerUrl, database.url, schemasOf(extensions));
  const nest = await createApp(settings, extensions);
  await nest.listen(0, '127.0.0.1');
  const { port } = nest.getHttpServer().address() as AddressInfo;
  const baseUrl = `http://127.0.0.1:${port}`;
  return {
    nest,
    api: new Api(baseUrl),
    database,
    baseUrl,
    settings,
    close: async () => {
      nest.getHttpServer().closeAllConnections();
      await nest.close();
      if (!shared) await database.drop();
    },
  };
}

export function testSettings(database: TestDatabase, env: Partial<Env> = {}): Settings {
  const defaults: Partial<Env> = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'fatal',
    RATE_LIMIT_FACTOR: 0,
    LOG_FORMAT: 'json',
    SYSTEM_TASKS: 'off',
  };
  const keys = { apiKeyPepper: 'p'.repeat(32), encryption: 'e'.repeat(32), signing: 's'.repeat(32) };
  return new Settings(
    Object.assign(new Env(), defaults, env),
    database.url,
    database.ownerUrl,
    keys,
    OPERATOR_KEY,
  );
}
