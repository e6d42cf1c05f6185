import type { QueryRunner } from 'typeorm';

/** Read by anyone, written by functions of the owner alone. */
const OWNERS_ALONE = [
  'accounts',
  'balance_snapshots',
  'debts',
  'decay_steps',
  'emission_days',
  'escrows',
  'ledger_checkpoints',
  'ledger_marks',
  'ledger_totals',
  'movements',
  'transactions',
];

/** Written once and never again. */
const APPEND_ONLY = ['audit_log', 'reputation_changes', 'validation_draws'];

/**
 * What the application's role may do. It owns nothing, so no statement of it can switch a trigger off: even an
 * injected one could not rewrite the log. False where there is but one role; then the triggers guard alone.
 */
export async function grantRights(runner: QueryRunner, owner: string, application: string): Promise<boolean> {
  if (owner === application) return false;
  const role = quoted(application);
  const ownersAlone = [...(await partitionsToo(runner, OWNERS_ALONE)), 'migrations'].join(', ');
  // All is taken away first, also from everybody: what was once given by hand would stay otherwise.
  await runner.query(`
    GRANT USAGE ON SCHEMA public TO ${role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${role};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO ${role};
    REVOKE ALL ON ${ownersAlone}, ${APPEND_ONLY.join(', ')} FROM ${role}, PUBLIC;
    GRANT SELECT ON ${ownersAlone} TO ${role};
    GRANT SELECT, INSERT ON ${APPEND_ONLY.join(', ')} TO ${role};`);
  return true;
}

async function partitionsToo(runner: QueryRunner, tables: readonly string[]): Promise<string[]> {
  const partitions = (await runner.query(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent::regclass::text = ANY ($1)`,
    [tables],
  )) as { name: string }[];
  return [...tables, ...partitions.map(({ name }) => name)];
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
