import { whyItCannotStart } from '#startup/why-it-cannot-start';
import { anEmptyDatabase, queryAs, type TestDatabase } from '#test/support/database';
import { until } from '#test/support/until';
import { refuseUnusable } from './usable-database.js';

describe('A database that the environment names', () => {
  let database: TestDatabase;
  beforeAll(async () => (database = await anEmptyDatabase()));
  afterAll(() => database.drop());

  const changed = (change: Partial<URL>): string => Object.assign(new URL(database.url), change).href;
  const told = (url: string, use: 'migrates' | 'works'): Promise<string> =>
    refuseUnusable('DATABASE_URL', url, use).then(() => 'usable', whyItCannotStart);

  it('is usable by the owner, and for the application where there is an owner besides', async () => {
    expect(await told(database.ownerUrl, 'migrates')).toBe('usable');
    expect(await told(database.url, 'works')).toBe('usable');
    const left = `SELECT 1 FROM pg_stat_activity WHERE datname = '${database.name}'`;
    const asking = (): Promise<unknown[]> => queryAs(process.env['TEST_SUPERUSER_URL']!, left);
    await until('nobody is left', async () => (await asking()).length === 0);
  });

  it.each([
    ['nobody listens', { hostname: '127.0.0.1', port: '1' }, /ECONNREFUSED/],
    ['there is no such socket', { port: '1' }, /ENOENT/],
    ['nobody is called so', { username: 'ghost' }, /"ghost"/],
    ['the password is another', { password: 'hunter2' }, /password authentication failed/],
    ['there is no such database', { pathname: '/none' }, /"none" does not exist/],
  ])('is told in one line where %s, without its password', async (_, change, reason) => {
    const line = await told(changed(change), 'works');
    expect(line).toMatch(/^UpMoltWork cannot start: DATABASE_URL: .+$/);
    expect(line).toMatch(reason);
    expect(line).not.toContain(new URL(database.url).password);
    expect(line).not.toContain('hunter2');
  });

  it('is told where its role may not migrate, with what to do', async () => {
    expect(await told(database.url, 'migrates')).toMatch(/upmoltwork_app may not .* DATABASE_OWNER_URL/);
  });
});
