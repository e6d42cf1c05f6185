import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Env } from '#config/env';
import { UnusableSecrets } from '#config/kept-secrets';
import { aDatabase, queryAs, type TestDatabase } from '#test/support/database';
import { secretsOfDatabase } from './secrets-of-database.js';

const GIVEN = {
  API_KEY_PEPPER: 'p'.repeat(32),
  ENCRYPTION_KEY: 'e'.repeat(32),
  SIGNING_KEY: 's'.repeat(32),
};

describe('The secrets of a database', () => {
  let database: TestDatabase;
  const folders: string[] = [];
  beforeAll(async () => {
    database = await aDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(() => queryAs(database.ownerUrl, 'DELETE FROM kept_secrets'));
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  const aFolder = (): string => {
    folders.push(mkdtempSync(path.join(tmpdir(), 'upmoltwork-secrets-')));
    return folders.at(-1)!;
  };
  const start = (DATA_DIR: string, values: Partial<Env> = {}) =>
    secretsOfDatabase(Object.assign(new Env(), { DATA_DIR }, values), database.ownerUrl);
  const refusal = async (starting: Promise<unknown>): Promise<string> => {
    const error: unknown = await starting.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnusableSecrets);
    const { message } = error as Error;
    expect(message).not.toContain('\n');
    return message;
  };
  const consentIn = (message: string): string => /NEW_SECRETS=(\w+)/.exec(message)![1]!;
  const keptIn = (folder: string): string => path.join(folder, 'keys.json');

  it('are those of its first start, at every later one', async () => {
    const folder = aFolder();
    const keys = await start(folder);
    expect(await start(folder)).toEqual(keys);
    // From the file to the environment they may move.
    const { apiKeyPepper, encryption, signing } = keys;
    const moved = { API_KEY_PEPPER: apiKeyPepper, ENCRYPTION_KEY: encryption, SIGNING_KEY: signing };
    expect(await start(aFolder(), moved)).toEqual(keys);
  });

  it('are not made anew when their file is lost: the start says what to restore', async () => {
    const folder = aFolder();
    const { encryption } = await start(folder);
    const kept = readFileSync(keptIn(folder));
    rmSync(keptIn(folder));
    const message = await refusal(start(folder, { ENCRYPTION_KEY: encryption }));
    expect(message).toContain(keptIn(folder));
    expect(message).toMatch(/Restore/);
    expect(message).toMatch(/API_KEY_PEPPER and SIGNING_KEY/);
    expect(message).not.toMatch(/ENCRYPTION_KEY/);
    expect(existsSync(keptIn(folder))).toBe(false);
    writeFileSync(keptIn(folder), kept);
    await start(folder);
  });

  it.each(['API_KEY_PEPPER', 'ENCRYPTION_KEY', 'SIGNING_KEY'] as const)(
    'may not be other ones: %s is told, and nothing else',
    async (name) => {
      await start(aFolder(), GIVEN);
      const message = await refusal(start(aFolder(), { ...GIVEN, [name]: 'x'.repeat(32) }));
      expect(Object.keys(GIVEN).filter((each) => message.includes(each))).toEqual([name]);
      expect(message).not.toContain('x'.repeat(32));
      await start(aFolder(), GIVEN);
    },
  );

  it('begin anew with the consent that the refusal names, which is good once', async () => {
    const folder = aFolder();
    const before = await start(folder);
    rmSync(keptIn(folder));
    const consent = consentIn(await refusal(start(folder)));
    expect(await refusal(start(folder, { NEW_SECRETS: 'yes' }))).toContain(consent);
    const after = await start(folder, { NEW_SECRETS: consent });
    expect(after.apiKeyPepper).not.toBe(before.apiKeyPepper);
    expect(await start(folder)).toEqual(after);
    expect(await start(folder, { NEW_SECRETS: consent })).toEqual(after);
    // Left in the environment, it gives up nothing more.
    rmSync(keptIn(folder));
    expect(consentIn(await refusal(start(folder, { NEW_SECRETS: consent })))).not.toBe(consent);
  });

  it('are those of one of many that start at once, each with its own', async () => {
    const starts = await Promise.allSettled(Array.from({ length: 8 }, () => start(aFolder())));
    const begun = starts.filter(({ status }) => status === 'fulfilled');
    expect(begun).toHaveLength(1);
    const rest = starts.filter((one) => one.status === 'rejected');
    for (const { reason } of rest) expect(reason).toBeInstanceOf(UnusableSecrets);
  });

  it('begin anew as those of one of two who have the same consent', async () => {
    await start(aFolder(), GIVEN);
    const NEW_SECRETS = consentIn(await refusal(start(aFolder(), { ...GIVEN, SIGNING_KEY: 'x'.repeat(32) })));
    const starts = await Promise.allSettled([1, 2].map(() => start(aFolder(), { NEW_SECRETS })));
    expect(starts.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('are known to the database by fingerprints alone, which the application may not change', async () => {
    await start(aFolder(), GIVEN);
    const rows = await queryAs<{ row: string }>(
      database.ownerUrl,
      'SELECT k::text AS row FROM kept_secrets k',
    );
    expect(rows).toHaveLength(3);
    for (const { row } of rows)
      for (const secret of Object.values(GIVEN)) {
        expect(row).not.toContain(secret);
        expect(row).not.toContain(Buffer.from(secret).toString('hex'));
      }
    await expect(queryAs(database.url, 'DELETE FROM kept_secrets')).rejects.toThrow(/permission denied/);
  });
});
