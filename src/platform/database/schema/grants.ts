import pg from 'pg';

/** Read by anyone, written by functions of the owner alone. */
const OWNERS_ALONE = [
  'accounts',
  'balance_snapshots',
  'debts',
  'decay_steps',
  'emission_days',
  'escrows',
  'kept_secrets',
  'ledger_checkpoints',
  'ledger_marks',
  'ledger_totals',
  'movements',
  'transactions',
];

/** Written once and never again. */
const APPEND_ONLY = ['audit_log', 'draw_pools', 'reputation_changes', 'validation_draws'];

/**
 * What the application's role may do. It owns nothing, so no statement of it can switch a trigger off: even an
 * injected one could not rewrite the log. False where there is but one role; then the triggers guard alone.
 */
export async function grantRights(client: pg.Client, owner: string, application: string): Promise<boolean> {
  if (owner === application) return false;
  const role = pg.escapeIdentifier(application);
  const ownersAlone = [...(await partitionsToo(client, OWNERS_ALONE)), 'schema_files'].join(', ');
  // All is taken away first, also from everybody: what was once given by hand would stay otherwise.
  await client.query(`
    ${await useOf(client, 'public', application)};
    REVOKE ALL ON ${ownersAlone}, ${APPEND_ONLY.join(', ')} FROM ${role}, PUBLIC;
    GRANT SELECT ON ${ownersAlone} TO ${role};
    GRANT SELECT, INSERT ON ${APPEND_ONLY.join(', ')} TO ${role};`);
  return true;
}

/**
 * The statements that let the application use a schema: of what lies there, all that the owner owns. An extension that
 * a superuser has put there too is not the owner's to grant, and a grant on it would be refused.
 */
export async function useOf(client: pg.Client, schema: string, application: string): Promise<string> {
  const { rows } = await client.query<{ sql: string }>(
    `SELECT format('GRANT USAGE ON SCHEMA %I TO %I', $1::text, $2::text) AS sql
     UNION ALL
     SELECT format(CASE relkind WHEN 'S' THEN 'GRANT USAGE, SELECT ON SEQUENCE %s TO %I'
                                ELSE 'GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE %s TO %I' END, oid::regclass, $2)
       FROM pg_class
      WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        AND pg_has_role(relowner, 'USAGE')
     UNION ALL
     SELECT format('GRANT EXECUTE ON ROUTINE %s TO %I', oid::regprocedure, $2)
       FROM pg_proc
      WHERE pronamespace = $1::regnamespace AND pg_has_role(proowner, 'USAGE')`,
    [schema, application],
  );
  return rows.map(({ sql }) => sql).join(';\n');
}

async function partitionsToo(client: pg.Client, tables: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent::regclass::text = ANY ($1)`,
    [tables],
  );
  return [...tables, ...rows.map(({ name }) => name)];
}
