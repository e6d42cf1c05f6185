import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database of its own for a test, with the addresses of both roles. */
export interface TestDatabase {
  name: string;
  url: string;
  ownerUrl: string;
  superuserUrl: string;
  drop(): Promise<void>;
}

/** Migrated: cloned from the template. */
export const aDatabase = (): Promise<TestDatabase> => madeFrom('template_test');

/** One in which nothing is yet. */
export const anEmptyDatabase = (): Promise<TestDatabase> => madeFrom('template0');

/** Copied file by file: nothing is flushed here, and through the log it would take twice as long. */
async function madeFrom(template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy OWNER upmoltwork_owner`);
  return {
    name,
    url: at(process.env['TEST_APP_URL']!, name),
    ownerUrl: at(process.env['TEST_OWNER_URL']!, name),
    superuserUrl: at(process.env['TEST_SUPERUSER_URL']!, name),
    drop: () => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

export async function queryAs<Row extends pg.QueryResultRow>(
  url: string,
  sql: string,
  params: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Row>(sql, params)).rows;
  } finally {
    await client.end();
  }
}

/** Cloning needs the template to itself for a moment; test files that start together take turns. */
async function administer(sql: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await queryAs(process.env['TEST_SUPERUSER_URL']!, sql);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== '55006' || attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function at(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}
