import path from 'node:path';
import pg from 'pg';
import { migrate } from '../dist/src/platform/database/schema/migrate.js';
import { schemasOf } from '../dist/src/extensions/extension.js';
import { EXTENSIONS } from '../dist/src/extensions/index.js';
import { startEmbeddedPostgres } from '../dist/src/platform/embedded-postgres/embedded-postgres.js';
import { folderInMemory } from './memory-folder.mjs';

/** Each application of a test takes twenty sessions. */
const THROWN_AWAY = { fast: true, sessions: 200 };

/** One throw-away server for the whole run, with a migrated template that every test app clones. */
export default async function setup() {
  const server = await startServer();
  const admin = new pg.Client(server.url('superuser', 'postgres'));
  await admin.connect();
  const { rows } = await admin.query(
    `SELECT datname FROM pg_database WHERE datname ~ '^(test_|template_test)'`,
  );
  for (const { datname } of rows) await admin.query(`DROP DATABASE "${datname}" WITH (FORCE)`);
  await admin.query('CREATE DATABASE template_test OWNER upmoltwork_owner');
  await admin.end();
  await migrate(
    server.url('owner', 'template_test'),
    server.url('app', 'template_test'),
    schemasOf(EXTENSIONS),
  );
  process.env.TEST_SUPERUSER_URL = server.url('superuser', 'postgres');
  process.env.TEST_OWNER_URL = server.url('owner', 'template_test');
  process.env.TEST_APP_URL = server.url('app', 'template_test');
  globalThis.testServer = server;
}

/** In memory where that is possible; what keeps it from there, such as programs that may not run, does not matter. */
async function startServer() {
  const inMemory = folderInMemory();
  if (inMemory) {
    try {
      return await startEmbeddedPostgres({ home: inMemory, ...THROWN_AWAY });
    } catch (error) {
      console.warn('The tests keep their databases on the disk:', error);
    }
  }
  return startEmbeddedPostgres({ home: path.resolve('.data/test'), ...THROWN_AWAY });
}
