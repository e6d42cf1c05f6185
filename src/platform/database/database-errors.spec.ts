import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { isUnreachable } from './database-errors.js';

const errorOf = (failing: Promise<unknown>): Promise<unknown> =>
  failing.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('A database that cannot be reached', () => {
  it.each([
    'postgres://u:p@127.0.0.1:1/x',
    'postgres://u:p@%2Fnowhere:5432/x',
    'postgres://u:p@no.invalid/x',
  ])('is told from other errors: %s', async (connectionString) => {
    expect(isUnreachable(await errorOf(new pg.Client({ connectionString }).connect()))).toBe(true);
  });

  it('is not a file that is missing', async () => {
    expect(isUnreachable(await errorOf(readFile('/nowhere/file')))).toBe(false);
  });
});
