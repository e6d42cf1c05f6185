import pg from 'pg';
import { grantRights } from './grants.js';
import { migrateQueues } from './queues-schema.js';
import { schemaFiles, UnusableSchemaFiles, type SchemaFile, type SchemaFiles } from './schema-files.js';

/** Any number; every replica uses the same one. */
const MIGRATION_LOCK = 7_301_003;

export interface MigrationResult {
  applied: string[];
  /** Whether the application runs as a role of its own, so that grants guard the log besides the triggers. */
  guardedByGrants: boolean;
}

/** Brings the schema up to date. Replicas that start at once wait for the first of them and find it done. */
export async function migrate(
  ownerUrl: string,
  applicationUrl: string,
  extensions: readonly string[],
): Promise<MigrationResult> {
  const files = schemaFiles(extensions);
  const owner = new pg.Client(ownerUrl);
  await owner.connect();
  try {
    // Held by the session, so it ends with it, however that happens.
    await owner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const applied = await apply(owner, files);
    await migrateQueues(owner, roleOf(ownerUrl), roleOf(applicationUrl));
    const guardedByGrants = await grantRights(owner, roleOf(ownerUrl), roleOf(applicationUrl));
    return { applied, guardedByGrants };
  } finally {
    await owner.end();
  }
}

/** Migrations first, each in its transaction; then the functions that are new or have changed. */
async function apply(owner: pg.Client, { migrations, functions }: SchemaFiles): Promise<string[]> {
  await owner.query(SCHEMA_FILES);
  const { rows } = await owner.query<Applied>('SELECT name, checksum FROM schema_files');
  const before = new Map(rows.map(({ name, checksum }) => [name, checksum]));
  for (const file of migrations) refuseEdited(file, before.get(file.name));
  const pending = migrations.filter(({ name }) => !before.has(name));
  for (const file of pending) await inTransaction(owner, file);
  const changed = functions.filter(({ name, checksum }) => !before.get(name)?.equals(checksum));
  for (const file of changed) await inTransaction(owner, file);
  return [...pending, ...changed].map(({ name }) => name);
}

interface Applied {
  name: string;
  checksum: Buffer;
}

const SCHEMA_FILES = `
CREATE TABLE IF NOT EXISTS schema_files (
  name       text COLLATE "C" PRIMARY KEY,
  checksum   bytea NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
)`;

/** An edit would reach new databases and not this one. */
function refuseEdited({ name, checksum }: SchemaFile, applied: Buffer | undefined): void {
  if (applied && !applied.equals(checksum))
    throw new UnusableSchemaFiles(
      `${name}.sql was changed after it had been applied to this database. Undo that, and put the change into a new file.`,
    );
}

async function inTransaction(owner: pg.Client, { name, sql, checksum }: SchemaFile): Promise<void> {
  await owner.query('BEGIN');
  try {
    await owner.query(sql);
    await owner.query(
      `INSERT INTO schema_files (name, checksum) VALUES ($1, $2)
       ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, applied_at = excluded.applied_at`,
      [name, checksum],
    );
    await owner.query('COMMIT');
  } catch (error) {
    await owner.query('ROLLBACK');
    throw new Error(`${name}.sql: ${(error as Error).message}`, { cause: error });
  }
}

const roleOf = (url: string): string => decodeURIComponent(new URL(url).username);
