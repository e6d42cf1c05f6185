import { runMigrations } from 'bullmq';
import type pg from 'pg';
import { useOf } from './grants.js';

/** A schema of its own: BullMQ calls its tables job, event, metrics and the like. */
export const QUEUES_SCHEMA = 'bullmq';

/** Brought up to date by the owner at each start, because the version that is installed decides what it needs. */
export async function migrateQueues(client: pg.Client, owner: string, application: string): Promise<void> {
  await runMigrations(
    {
      query: async (sql, params) => ({
        rows: (await client.query(sql, params as unknown[])).rows as never[],
      }),
    },
    QUEUES_SCHEMA,
  );
  if (owner !== application) await client.query(await useOf(client, QUEUES_SCHEMA, application));
}
