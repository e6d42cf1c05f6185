/** The embedded PostgreSQL cannot run here. The message is one line that a person can act on; print it alone. */
export class CannotStartPostgres extends Error {
  override readonly name = 'CannotStartPostgres';
}

export const SET_DATABASE_URL = 'Set DATABASE_URL to use a PostgreSQL of your own.';

/** What the operating system refused, in words instead of a stack trace. Other errors pass unchanged. */
export function explainRefusal(error: unknown, doing: string): unknown {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === undefined || !REFUSALS.has(code)) return error;
  return new CannotStartPostgres(
    `Cannot ${doing}: ${REFUSALS.get(code)}${path === undefined ? '' : ` (${path})`}. ` +
      `Point DATA_DIR to a folder that this user may write, or set DATABASE_URL.`,
    { cause: error },
  );
}

const REFUSALS = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'operation not permitted'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'the disk is full'],
  ['ENOENT', 'there can be no such folder'],
  ['ENOTDIR', 'a parent of it is not a folder'],
  ['EEXIST', 'a file of that name is in the way'],
]);
