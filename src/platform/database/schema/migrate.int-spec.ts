import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { aDatabase, anEmptyDatabase, queryAs, type TestDatabase } from '#test/support/database';
import { migrate } from './migrate.js';
import { schemaFiles } from './schema-files.js';

const DENIED = { code: '42501' };
/** By a right that is missing; a trigger says something else. */
const DENIED_BY_GRANT = {
  ...DENIED,
  message: expect.stringMatching(/^permission denied for table/) as string,
};

const appliedIn = async ({ ownerUrl }: TestDatabase): Promise<string[]> =>
  (await queryAs<{ name: string }>(ownerUrl, 'SELECT name FROM schema_files ORDER BY applied_at')).map(
    ({ name }) => name,
  );
const { migrations, functions } = schemaFiles([]);
const ALL = [...migrations, ...functions].map(({ name }) => name);
const count = async ({ ownerUrl }: TestDatabase, from: string): Promise<number> =>
  (await queryAs<{ count: number }>(ownerUrl, `SELECT count(*)::int FROM ${from}`))[0]!.count;

describe('Migrating', () => {
  let database: TestDatabase;
  beforeEach(async () => (database = await anEmptyDatabase()));
  afterEach(() => database.drop());

  it('happens once, however many start at once', async () => {
    const results = await Promise.all(
      Array.from({ length: 10 }, () => migrate(database.ownerUrl, database.url, [])),
    );
    const applied = results.filter((result) => result.applied.length > 0);
    expect(applied.map((result) => result.applied)).toEqual([ALL]);
    expect(results.every(({ guardedByGrants }) => guardedByGrants)).toBe(true);
    expect(await appliedIn(database)).toEqual(ALL);
    expect(await count(database, 'clock')).toBe(1);
    expect(
      await count(
        database,
        `pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND backend_type = 'client backend'`,
      ),
    ).toBe(0);
  });

  it('with one role says that no grants guard the log', async () => {
    const { applied, guardedByGrants } = await migrate(database.ownerUrl, database.ownerUrl, []);
    expect([applied.length, guardedByGrants]).toEqual([ALL.length, false]);
  });

  it('that fails leaves nothing of the file that failed, holds nobody up and can be repeated', async () => {
    const folder = extension({
      'migrations/9999-broken.sql': 'CREATE TABLE half_done (id int); SELECT no_such_column;',
    });
    await expect(migrate(database.ownerUrl, database.url, [folder])).rejects.toThrow(
      /^9999-broken\.sql: .*no_such_column/,
    );
    expect(await count(database, `pg_class WHERE relname = 'half_done'`)).toBe(0);
    expect(await appliedIn(database)).not.toContain('9999-broken');
    expect(
      await count(
        database,
        `pg_locks WHERE locktype = 'advisory'
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      ),
    ).toBe(0);
    const { guardedByGrants } = await migrate(database.ownerUrl, database.url, []);
    expect(guardedByGrants).toBe(true);
  });

  it('grants nothing of what a superuser has put beside it, and does not fail of it', async () => {
    await queryAs(
      database.superuserUrl,
      `CREATE EXTENSION pg_stat_statements; CREATE EXTENSION pg_trgm;
       CREATE TABLE theirs (id int GENERATED ALWAYS AS IDENTITY);
       CREATE FUNCTION nobodys() RETURNS int LANGUAGE sql RETURN 1;
       REVOKE ALL ON FUNCTION nobodys() FROM PUBLIC`,
    );
    const { guardedByGrants } = await migrate(database.ownerUrl, database.url, []);
    expect(guardedByGrants).toBe(true);
    const refused = ['TABLE theirs', `SELECT nextval('theirs_id_seq')`, 'SELECT nobodys()'];
    for (const sql of [...refused, 'SELECT pg_stat_statements_reset()'])
      await expect(queryAs(database.url, sql)).rejects.toMatchObject(DENIED);
    expect(await queryAs(database.url, `SELECT similarity('same', 'same')`)).toEqual([{ similarity: 1 }]);
  });

  it('takes away rights that were given by hand', async () => {
    await migrate(database.ownerUrl, database.url, []);
    const tables = ['transactions', 'audit_log', 'schema_files'];
    const given = `GRANT ALL ON ${tables.join(', ')} TO PUBLIC, upmoltwork_app`;
    await queryAs(database.ownerUrl, `${given}; GRANT UPDATE (act) ON audit_log TO PUBLIC`);
    await migrate(database.ownerUrl, database.url, []);
    for (const table of tables)
      for (const sql of [`DELETE FROM ${table}`, `TRUNCATE ${table}`])
        await expect(queryAs(database.url, sql)).rejects.toMatchObject(DENIED_BY_GRANT);
    const rewrite = queryAs(database.url, `UPDATE audit_log SET act = 'none'`);
    await expect(rewrite).rejects.toMatchObject(DENIED_BY_GRANT);
  });
});

/** The folder of an extension with these files. */
function extension(files: Record<string, string>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'upmoltwork-extension-'));
  folders.push(folder);
  write(folder, files);
  return folder;
}

function write(folder: string, files: Record<string, string>): void {
  for (const [name, sql] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), sql);
  }
}

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

describe('The files of an extension', () => {
  let database: TestDatabase;
  beforeEach(async () => (database = await aDatabase()));
  afterEach(() => database.drop());

  const applied = async (folder: string): Promise<string[]> =>
    (await migrate(database.ownerUrl, database.url, [folder])).applied;
  const answer = async (): Promise<unknown> =>
    (await queryAs(database.url, 'SELECT answer() AS answer'))[0]?.['answer'];
  const ANSWER = (n: number): string =>
    `CREATE OR REPLACE FUNCTION answer() RETURNS int LANGUAGE sql AS 'SELECT ${n} + count(*)::int FROM second';`;

  it('are applied in the order of their numbers, functions last, and then no more', async () => {
    const folder = extension({
      'sql/answer.sql': ANSWER(42),
      'a/migrations/9002-second.sql': 'CREATE TABLE second AS SELECT * FROM first;',
      'b/migrations/9001-first.sql': 'CREATE TABLE first (id int);',
    });
    expect(await applied(folder)).toEqual(['9001-first', '9002-second', 'answer']);
    expect(await answer()).toBe(42);
    expect(await applied(folder)).toEqual([]);
  });

  it('hold functions that are made again when their file has changed', async () => {
    const folder = extension({
      'migrations/9002-second.sql': 'CREATE TABLE second ()',
      'sql/answer.sql': ANSWER(1),
    });
    await applied(folder);
    write(folder, { 'sql/answer.sql': ANSWER(2) });
    expect(await applied(folder)).toEqual(['answer']);
    expect(await answer()).toBe(2);
  });

  it('are not applied where one was changed afterwards: the error says what to do', async () => {
    const folder = extension({ 'migrations/9001-first.sql': 'CREATE TABLE first (id int);' });
    await applied(folder);
    write(folder, {
      'migrations/9001-first.sql': 'CREATE TABLE first (id bigint);',
      'migrations/9002-second.sql': 'CREATE TABLE second ();',
    });
    const error: unknown = await applied(folder).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'UnusableSchemaFiles',
      message: expect.stringMatching(/^9001-first\.sql was changed .* new file\.$/) as string,
    });
    expect(await appliedIn(database)).not.toContain('9002-second');
  });

  it.each([
    [
      'have the same number',
      { 'a/migrations/9001-one.sql': '', 'b/migrations/9001-two.sql': '' },
      /9001-one.*9001-two/,
    ],
    ['have a number of the core', { 'migrations/0001-mine.sql': '' }, /0001-events.*0001-mine/],
    ['have a function of the core', { 'sql/ledger_post.sql': '' }, /ledger_post\.sql.*same name/],
    ['have no number', { 'migrations/badges.sql': '' }, /badges\.sql needs a number/],
  ])('are refused before anything is applied when they %s', async (_, files, message) => {
    await expect(applied(extension(files))).rejects.toThrow(message);
  });
});

describe('A migrated database', () => {
  let database: TestDatabase;
  let partitions: string[];
  beforeAll(async () => {
    database = await aDatabase();
    await queryAs(
      database.ownerUrl,
      `INSERT INTO audit_log (at, operator_id, operator_name, act, subject, reason, details)
        VALUES (now(), 'opk_1', 'Ann', 'suspend', 'agt_1', 'a reason', '{}')`,
    );
    const rows = await queryAs<{ name: string }>(
      database.ownerUrl,
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'transactions'::regclass`,
    );
    partitions = rows.map(({ name }) => name);
    await queryAs(
      database.ownerUrl,
      `INSERT INTO movements (id, natural_key, type, at) VALUES (2, sha256('once'), 'starter_bonus', now());
       INSERT INTO transactions (id, movement_id, from_agent_id, to_agent_id, amount, balance_after, currency, type, created_at)
         VALUES (2, 2, 'agt_system', 'agt_00000001', -10, NULL, 'points', 'starter_bonus', now()),
                (3, 2, 'agt_system', 'agt_00000001', 10, 10, 'points', 'starter_bonus', now())`,
    );
  });
  afterAll(() => database.drop());

  const asApplication = (sql: string): Promise<unknown[]> => queryAs(database.url, sql);
  const asOwner = (sql: string): Promise<unknown[]> => queryAs(database.ownerUrl, sql);

  describe.each([
    ['transactions', 'memo'],
    ['audit_log', 'act'],
  ])('lets the application, of %s,', (table, column) => {
    it('read it', async () => {
      await expect(asApplication(`SELECT * FROM ${table}`)).resolves.toBeInstanceOf(Array);
    });

    it.each([
      `UPDATE ${table} SET ${column} = ${column}`,
      `DELETE FROM ${table}`,
      `TRUNCATE ${table}`,
      `DROP TABLE ${table}`,
      `ALTER TABLE ${table} DISABLE TRIGGER ALL`,
      `ALTER TABLE ${table} OWNER TO CURRENT_USER`,
      `CREATE TRIGGER mine BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse_change()`,
      `CREATE RULE mine AS ON INSERT TO ${table} DO INSTEAD NOTHING`,
      'SET session_replication_role = replica',
      'SET ROLE upmoltwork_owner',
      'CREATE TABLE mine (id int)',
    ])('not do: %s', async (sql) => {
      await expect(asApplication(sql)).rejects.toMatchObject(DENIED);
    });
  });

  it('lets the application write neither the ledger nor what was migrated', async () => {
    for (const table of ['accounts', 'movements', 'debts', 'escrows', 'schema_files', ...partitions]) {
      for (const sql of [`DELETE FROM ${table}`, `TRUNCATE ${table}`, `INSERT INTO ${table} DEFAULT VALUES`])
        await expect(asApplication(sql)).rejects.toMatchObject(DENIED);
    }
    expect(partitions.length).toBeGreaterThan(0);
  });

  it('lets the application add to the audit log', async () => {
    await asApplication(`INSERT INTO audit_log (at, operator_id, operator_name, act, subject, reason, details)
      VALUES (now(), 'opk_2', 'Bob', 'reinstate', 'agt_1', 'another reason', '{}')`);
    expect(await count(database, `audit_log WHERE operator_id = 'opk_2'`)).toBe(1);
  });

  it('keeps the audit log from its owner too', async () => {
    for (const sql of ['UPDATE audit_log SET act = act', 'DELETE FROM audit_log', 'TRUNCATE audit_log'])
      await expect(asOwner(sql)).rejects.toMatchObject({ ...DENIED, message: 'audit_log is append-only' });
    expect(await count(database, `audit_log WHERE operator_id = 'opk_1'`)).toBe(1);
  });

  it('keeps the transactions from their owner too, whichever partition is named', async () => {
    const [holding] = await queryAs<{ name: string }>(
      database.ownerUrl,
      'SELECT DISTINCT tableoid::regclass::text AS name FROM transactions',
    );
    for (const table of ['transactions', holding!.name])
      for (const sql of [`UPDATE ${table} SET memo = memo`, `DELETE FROM ${table}`])
        await expect(asOwner(sql)).rejects.toMatchObject(DENIED);
    for (const table of ['transactions', ...partitions])
      await expect(asOwner(`TRUNCATE ${table}`)).rejects.toMatchObject(DENIED);
    expect(await count(database, 'transactions')).toBe(2);
  });

  it('has an owner who is no superuser, so that what is refused here is refused', async () => {
    for (const url of [database.url, database.ownerUrl]) {
      const [role] = await queryAs(
        url,
        'SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user',
      );
      expect(role).toEqual({ rolsuper: false, rolbypassrls: false });
    }
  });
});
