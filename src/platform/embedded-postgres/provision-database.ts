import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import { ROLE_NAMES, type ServerIdentity } from './server-identity.js';

export const DATABASE = 'upmoltwork';

/**
 * Makes the roles, the database and their rights. Each statement may be repeated, and the mark comes last, so a
 * crash in between, a new password or a new version of this file is made good by the next start.
 *
 * The server holds the rules of the ledger in triggers, which a superuser may switch off: so the application
 * has a role that can only log in, and migrations one that owns the database but is no superuser either.
 */
export async function provisionDatabase(
  connect: (database: string) => Promise<Client>,
  identity: ServerIdentity,
  fast: boolean,
): Promise<void> {
  const plan = planFor(identity, fast);
  const mark = createHash('sha256').update(JSON.stringify(plan)).digest('hex');
  const maintenance = await connect('postgres');
  try {
    if ((await markOf(maintenance)) === mark) return;
    for (const statement of plan.server) await maintenance.query(statement);
    if (!(await exists(maintenance, 'pg_database', 'datname', DATABASE)))
      await maintenance.query(`create database ${DATABASE} owner ${ROLE_NAMES.owner}`);
    await compressWal(maintenance);
  } finally {
    await maintenance.end();
  }
  const inside = await connect(DATABASE);
  try {
    for (const statement of plan.database) await inside.query(statement);
    await inside.query(`comment on database ${DATABASE} is '${mark}'`);
  } finally {
    await inside.end();
  }
}

interface Plan {
  readonly server: readonly string[];
  readonly database: readonly string[];
}

function planFor({ passwords }: ServerIdentity, fast: boolean): Plan {
  const { app, owner } = ROLE_NAMES;
  return {
    server: [
      ...role(owner, fast ? 'createdb' : 'nocreatedb', passwords.owner),
      ...role(app, 'nocreatedb', passwords.app),
      `revoke all on database postgres, template1 from public`,
      // Whoever makes databases for tests needs one to be connected to meanwhile.
      `${fast ? 'grant' : 'revoke'} connect on database postgres ${fast ? 'to' : 'from'} ${owner}`,
    ],
    database: [
      `alter database ${DATABASE} owner to ${owner}`,
      `revoke all on database ${DATABASE} from public`,
      `grant connect on database ${DATABASE} to ${app}`,
      `revoke create on schema public from public`,
      `grant usage on schema public to ${app}`,
    ],
  };
}

function role(name: string, rights: string, password: string): string[] {
  return [
    `do $$ begin create role ${name}; exception when duplicate_object then null; end $$`,
    `alter role ${name} with login nosuperuser nocreaterole noreplication nobypassrls ${rights} password '${password}'`,
  ];
}

async function markOf(client: Client): Promise<string | undefined> {
  const { rows } = await client.query<{ mark: string | null }>(
    `select shobj_description(oid, 'pg_database') as mark from pg_database where datname = $1`,
    [DATABASE],
  );
  return rows[0]?.mark ?? undefined;
}

async function exists(client: Client, table: string, column: string, name: string): Promise<boolean> {
  const { rowCount } = await client.query(`select from ${table} where ${column} = $1`, [name]);
  return rowCount === 1;
}

/** Not every platform's build knows lz4, and pglz costs more than it saves. */
async function compressWal(client: Client): Promise<void> {
  const { rows } = await client.query<{ known: boolean }>(
    `select 'lz4' = any(enumvals) as known from pg_settings where name = 'wal_compression'`,
  );
  if (rows[0]?.known !== true) return;
  await client.query(`alter system set wal_compression = 'lz4'`);
  await client.query(`select pg_reload_conf()`);
}
