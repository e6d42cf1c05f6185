import pg from 'pg';

const OLDEST = 15;

/** What the environment names is no database to work with. The URL is not shown: it has a password. */
export class UnusableDatabase extends Error {
  override readonly name = 'UnusableDatabase';

  constructor(
    readonly variable: string,
    cause: unknown,
  ) {
    super(`${variable} names no usable database`, { cause });
  }
}

/** Asked before the first migration, so that a mistake is told with the variable that it stands in. */
export async function refuseUnusable(
  variable: string,
  url: string,
  use: 'migrates' | 'works',
): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ role: string; version: number; may_migrate: boolean }>(
      `SELECT current_user AS role, current_setting('server_version_num')::int / 10000 AS version,
              has_database_privilege(current_database(), 'CREATE')
                AND has_schema_privilege('public', 'CREATE') AS may_migrate`,
    );
    const { role, version, may_migrate } = rows[0]!;
    if (version < OLDEST) throw new Error(`PostgreSQL ${version} is too old; it takes ${OLDEST} or newer.`);
    if (use === 'migrates' && !may_migrate)
      throw new Error(`${role} may not make tables there. Set DATABASE_OWNER_URL to the role that may.`);
  } catch (error) {
    throw new UnusableDatabase(variable, error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
