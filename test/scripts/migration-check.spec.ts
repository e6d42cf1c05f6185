import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CATALOGUE, catalogueDrift, catalogueText, type CatalogueRow } from '../../scripts/catalogue.js';
import { aDatabase, queryAs, type TestDatabase } from '../support/database.js';

const COMMITTED = 'migrations/catalogue.txt';

describe('The catalogue of the schema', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await aDatabase();
  });
  afterAll(() => database.drop());

  const found = async (): Promise<string> =>
    catalogueText(await queryAs<CatalogueRow>(database.ownerUrl, CATALOGUE));

  it('is the committed one', async () => {
    expect(catalogueDrift(readFileSync(COMMITTED, 'utf8'), await found())).toEqual([]);
  });

  it.each([
    ['ALTER TABLE agents ALTER a2a_card_url TYPE varchar(99)', /column agents\.a2a_card_url/],
    ['ALTER TABLE agents DROP CONSTRAINT agents_status', /constraint agents\.agents_status/],
    ['ALTER TABLE agents ALTER description DROP NOT NULL', /column agents\.description/],
    ["ALTER TABLE agents ALTER status SET DEFAULT 'verified'", /column agents\.status/],
    ['DROP INDEX agents_by_created', /index agents_by_created/],
    ['ALTER TABLE transactions DISABLE TRIGGER USER', /trigger transactions\./],
    ['CREATE TABLE stray (id int)', /table stray/],
    ['ALTER TABLE outbox SET UNLOGGED', /table outbox/],
    [
      'CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
      /function refuse_change/,
    ],
  ])('shows %s', async (change, line) => {
    const before = await found();
    const scratch = await aDatabase();
    await queryAs(scratch.superuserUrl, change);
    const rows = await queryAs<CatalogueRow>(scratch.ownerUrl, CATALOGUE);
    await scratch.drop();
    const drift = catalogueDrift(before, catalogueText(rows));
    expect(drift).toContainEqual(expect.stringMatching(line));
  });
});

describe('npm run migration:check', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'upmoltwork-catalogue-'));
  const catalogue = path.join(folder, 'catalogue.txt');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('passes as committed, and fails with the line that is not there any more', async () => {
    expect((await check(COMMITTED)).code).toBe(0);
    writeFileSync(catalogue, `${readFileSync(COMMITTED, 'utf8')}column agents.shoe_size: int\n`);
    const { code, output } = await check(catalogue);
    expect(code).toBe(1);
    expect(output).toContain('- column agents.shoe_size: int');
  });
});

function check(catalogue: string): Promise<{ code: number; output: string }> {
  const script = ['dist/scripts/migration-check.js', '--catalogue', catalogue];
  const env = { ...process.env, DATABASE_URL: process.env['TEST_SUPERUSER_URL'] };
  return new Promise((resolve) => {
    execFile(process.execPath, script, { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}
