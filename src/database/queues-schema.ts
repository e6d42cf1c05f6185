import { runMigrations } from 'bullmq';
import type { QueryRunner } from 'typeorm';
import { useOf } from './grants.js';

/** A schema of its own: BullMQ calls its tables job, event, metrics and the like. */
export const QUEUES_SCHEMA = 'bullmq';

/** Brought up to date by the owner at each start, because the version that is installed decides what it needs. */
export async function migrateQueues(runner: QueryRunner, owner: string, application: string): Promise<void> {
  await runMigrations(
    { query: async (sql, params) => ({ rows: (await runner.query(sql, params as unknown[])) as never[] }) },
    QUEUES_SCHEMA,
  );
  if (owner !== application) await runner.query(await useOf(runner, QUEUES_SCHEMA, application));
}
