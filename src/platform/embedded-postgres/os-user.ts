import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { CannotStartPostgres, SET_DATABASE_URL } from './cannot-start-postgres.js';

export interface OsUser {
  readonly uid: number;
  readonly gid: number;
}

/** Whom PostgreSQL runs as when we are root, whom it refuses. */
export function serviceUser(): OsUser {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = ['postgres', '_postgres', 'nobody'].flatMap((name) =>
    users.filter((user) => user[0] === name),
  )[0];
  if (!found)
    throw new CannotStartPostgres(
      `PostgreSQL cannot run as root, and /etc/passwd has no user postgres or nobody. ${SET_DATABASE_URL}`,
    );
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

export function ownerOf(file: string): OsUser {
  const { uid, gid } = statSync(file);
  return { uid, gid };
}

/** May this user pass every folder down to here? What does not exist yet will be made passable. */
export function mayPass(target: string, user: OsUser): boolean {
  let folder = path.resolve(target);
  while (!existsSync(folder)) folder = path.dirname(folder);
  for (folder = realpathSync(folder); ; folder = path.dirname(folder)) {
    const stats = statSync(folder);
    if (stats.isDirectory() && !hasBit(stats, user, 0o1)) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

/** May this user read the file (and run it, when it is a program)? */
export function mayRead(file: string, user: OsUser): boolean {
  return existsSync(file) && mayPass(file, user) && hasBit(statSync(file), user, 0o4);
}

/** One bit of `rwx`, in the triple that counts for this user. */
function hasBit(stats: { mode: number; uid: number; gid: number }, user: OsUser, bit: number): boolean {
  const shift = stats.uid === user.uid ? 6 : stats.gid === user.gid ? 3 : 0;
  return ((stats.mode >> shift) & bit) !== 0;
}
