import { runMigrations } from 'bullmq';
import type { QueryRunner } from 'typeorm';

/** A schema of its own: BullMQ calls its tables job, event, metrics and the like. */
export const QUEUES_SCHEMA = 'bullmq';

/** Brought up to date by the owner at each start, because the version that is installed decides what it needs. */
export async function migrateQueues(runner: QueryRunner, owner: string, application: string): Promise<void> {
  await runMigrations(
    { query: async (sql, params) => ({ rows: (await runner.query(sql, params as unknown[])) as never[] }) },
    QUEUES_SCHEMA,
  );
  if (owner === application) return;
  const role = `"${application.replaceAll('"', '""')}"`;
  await runner.query(`
    GRANT USAGE ON SCHEMA ${QUEUES_SCHEMA} TO ${role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${QUEUES_SCHEMA} TO ${role};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${QUEUES_SCHEMA} TO ${role};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${QUEUES_SCHEMA} TO ${role};`);
}
