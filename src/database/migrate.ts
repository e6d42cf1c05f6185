import { DataSource } from 'typeorm';
import { type AddedMigrations, sharedOptions } from './data-source.js';
import { grantRights } from './grants.js';
import { migrateQueues } from './queues-schema.js';

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
  added: AddedMigrations,
): Promise<MigrationResult> {
  const dataSource = new DataSource({ ...sharedOptions(ownerUrl, added), poolSize: 2 });
  await dataSource.initialize();
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const migrations = await dataSource.runMigrations();
    await migrateQueues(lock, roleOf(ownerUrl), roleOf(applicationUrl));
    const guardedByGrants = await grantRights(lock, roleOf(ownerUrl), roleOf(applicationUrl));
    await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    return { applied: migrations.map(({ name }) => name), guardedByGrants };
  } finally {
    await lock.release();
    await dataSource.destroy();
  }
}

const roleOf = (url: string): string => decodeURIComponent(new URL(url).username);
