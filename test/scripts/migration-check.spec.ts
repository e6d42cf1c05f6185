import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SCHEMA_OBJECTS, schemaDrift, schemaText, type SchemaObject } from '../../scripts/schema-text.js';
import { aDatabase, queryAs, type TestDatabase } from '../support/database.js';

const COMMITTED = 'schema.sql';

describe('schema.sql', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await aDatabase();
  });
  afterAll(() => database.drop());

  const found = async (): Promise<string> =>
    schemaText(await queryAs<SchemaObject>(database.ownerUrl, SCHEMA_OBJECTS));

  it('is the schema that the files make', async () => {
    expect(await found()).toBe(readFileSync(COMMITTED, 'utf8'));
  });

  it.each([
    [
      'ALTER TABLE agents ALTER a2a_card_url TYPE varchar(99)',
      /table agents: +a2a_card_url character varying\(99\)/,
    ],
    ['ALTER TABLE agents DROP CONSTRAINT agents_status', /- table agents: +CONSTRAINT agents_status/],
    [
      'ALTER TABLE agents ALTER description DROP NOT NULL',
      /table agents: +description text DEFAULT ''::text$/,
    ],
    ["ALTER TABLE agents ALTER status SET DEFAULT 'verified'", /table agents: +status .* DEFAULT 'verified'/],
    ['DROP INDEX agents_by_created', /- table agents: CREATE INDEX agents_by_created/],
    ['ALTER TABLE transactions DISABLE TRIGGER USER', /table transactions: CREATE TRIGGER .* enabled: D/],
    ['CREATE TABLE stray (id int)', /\+ table stray/],
    ['ALTER TABLE outbox SET UNLOGGED', /table outbox: CREATE UNLOGGED TABLE outbox/],
    [
      'CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
      /function refuse_change/,
    ],
  ])('shows %s', async (change, line) => {
    const before = await found();
    const scratch = await aDatabase();
    await queryAs(scratch.superuserUrl, change);
    const rows = await queryAs<SchemaObject>(scratch.ownerUrl, SCHEMA_OBJECTS);
    await scratch.drop();
    const drift = schemaDrift(before, schemaText(rows));
    expect(drift).toContainEqual(expect.stringMatching(line));
  });
});

describe('npm run migration:check', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'upmoltwork-schema-'));
  const changed = path.join(folder, 'schema.sql');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('passes as committed, and fails with the line that is not there any more', async () => {
    expect((await check(COMMITTED)).code).toBe(0);
    const [column, more] = ['  shoe_size integer,', 'CREATE TABLE agents (\n'];
    writeFileSync(changed, readFileSync(COMMITTED, 'utf8').replace(more, `${more}${column}\n`));
    const { code, output } = await check(changed);
    expect(code).toBe(1);
    expect(output).toContain('- table agents:   shoe_size integer');
  });
});

function check(schema: string): Promise<{ code: number; output: string }> {
  const script = ['dist/scripts/migration-check.js', '--schema', schema];
  const env = { ...process.env, DATABASE_URL: process.env['TEST_SUPERUSER_URL'] };
  return new Promise((resolve) => {
    execFile(process.execPath, script, { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}
