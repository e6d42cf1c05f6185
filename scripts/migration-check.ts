import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { Env } from '#config/env';
import { Settings } from '#config/settings';
import { migrate } from '#platform/database';
import { startEmbeddedPostgres } from '#platform/embedded-postgres';
import { AppModule } from '../src/app.module.js';
import { differencesOf, TABLE_COLUMNS, type TableColumn } from './mapped-tables.js';
import { SCHEMA_OBJECTS, schemaDrift, schemaText, type SchemaObject } from './schema-text.js';

/**
 * Makes the schema on a throw-away database and fails when it is not what the code says: an entity differs from its table, a
 * table has no entity and no reason for that, or the schema differs from the committed schema.sql.
 *   --write   writes schema.sql as it is now
 *   --schema  another file than the committed one
 * DATABASE_URL names a server where this user may create a database; without it an embedded one is started.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      write: { type: 'boolean', default: false },
      schema: { type: 'string', default: 'schema.sql' },
    },
  });
  const database = await throwAwayDatabase();
  try {
    const { applied } = await migrate(database.ownerUrl, database.url, []);
    console.log(`${applied.length} files applied.`);
    const found = await schemaOf(database.ownerUrl);
    const results = [
      values.write ? write(values.schema, found) : isAsCommitted(values.schema, found),
      await entitiesFit(database),
    ];
    return results.every(Boolean) ? 0 : 1;
  } finally {
    await database.remove();
  }
}

function write(file: string, found: string): true {
  writeFileSync(file, found);
  console.log(`${file}: ${found.split('\n').length - 1} lines`);
  return true;
}

function isAsCommitted(file: string, found: string): boolean {
  const drift = schemaDrift(existsSync(file) ? readFileSync(file, 'utf8') : '', found);
  if (drift.length === 0) {
    console.log(`The schema is the one of ${file}.`);
    return true;
  }
  console.error(`The schema is not the one of ${file} (- there, + made by the files):`);
  for (const line of drift) console.error(`  ${line.length > 300 ? `${line.slice(0, 299)}…` : line}`);
  console.error('If it is meant so, run `npm run migration:check -- --write` and commit the result.');
  return false;
}

/** Every table has an entity that names its columns as they are, or is written by hand for a reason. */
async function entitiesFit({ url, ownerUrl }: Database): Promise<boolean> {
  const keys = { apiKeyPepper: 'x'.repeat(32), encryption: 'x'.repeat(32), signing: 'x'.repeat(32) };
  const env = Object.assign(new Env(), { ROLE: 'api' } satisfies Partial<Env>);
  const settings = new Settings(env, url, ownerUrl, keys, undefined);
  const app = await NestFactory.createApplicationContext(AppModule.with(settings), {
    logger: ['error', 'fatal'],
    abortOnError: false,
  });
  const mapped = app.get(DataSource);
  const differences = differencesOf(mapped.entityMetadatas, await mapped.query<TableColumn[]>(TABLE_COLUMNS));
  const tables = mapped.entityMetadatas.map(({ tableName }) => tableName).toSorted();
  await app.close();
  if (differences.length === 0) {
    console.log(`The entities fit their tables (${tables.join(', ')}).`);
    return true;
  }
  console.error('Entities and tables differ:');
  for (const difference of differences) console.error(`  ${difference}`);
  return false;
}

async function schemaOf(url: string): Promise<string> {
  const client = new Client(url);
  await client.connect();
  const { rows } = await client.query<SchemaObject>(SCHEMA_OBJECTS);
  await client.end();
  return schemaText(rows);
}

interface Database {
  url: string;
  ownerUrl: string;
  remove(): Promise<void>;
}

async function throwAwayDatabase(): Promise<Database> {
  const { DATABASE_URL, DATA_DIR } = process.env;
  if (DATABASE_URL) return databaseOn(DATABASE_URL);
  const home = path.resolve(DATA_DIR ?? '.data');
  mkdirSync(home, { recursive: true });
  const folder = mkdtempSync(path.join(home, 'migration-check-'));
  // Root's server runs as another user, who must be able to enter.
  chmodSync(folder, 0o755);
  const server = await startEmbeddedPostgres({ home: folder, fast: true });
  return {
    url: server.url('app'),
    ownerUrl: server.url('owner'),
    remove: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function databaseOn(serverUrl: string): Promise<Database> {
  const name = `migration_check_${randomBytes(6).toString('hex')}`;
  const administer = async (sql: string): Promise<void> => {
    const client = new Client(serverUrl);
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await administer(`CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    ownerUrl: url.href,
    remove: () => administer(`DROP DATABASE ${name} WITH (FORCE)`),
  };
}

process.exitCode = await main();
