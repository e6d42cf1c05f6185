import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { CannotStartPostgres, explainRefusal } from './cannot-start-postgres.js';
import { mayPass, type OsUser, ownerOf, serviceUser } from './os-user.js';

/** The folder of one embedded server: `pg` (the cluster), `pg.log`, `database.json`, `start.lock.<n>`. */
export interface DataHome {
  readonly folder: string;
  /** The data could not lie where they were asked to. */
  readonly moved: boolean;
  /** Who the server runs as, where that is not the user who started this program. */
  readonly runAs?: OsUser;
}

export const clusterOf = (home: DataHome): string => path.join(home.folder, 'pg');

/** What an address of a Unix socket may have in bytes on every system, less what PostgreSQL adds to its folder. */
const SOCKET_FOLDER_MAX = 103 - '/.s.PGSQL.65535'.length;

/** Where the server listens besides its port; undefined where that is not possible. Only its own user gets there. */
export function socketFolderOf(home: DataHome): string | undefined {
  const folder = clusterOf(home);
  return process.platform === 'win32' || Buffer.byteLength(folder) > SOCKET_FOLDER_MAX ? undefined : folder;
}

export const logOf = (home: DataHome): string => path.join(home.folder, 'pg.log');
export const hasCluster = (folder: string): boolean => existsSync(path.join(folder, 'pg', 'PG_VERSION'));

/** Finds the folder and makes it. Data that exist decide: nothing below may ever lead to an empty second cluster. */
export function openDataHome(asked: string): DataHome {
  const folder = path.resolve(asked);
  try {
    const home = process.getuid?.() === 0 ? homeForRoot(folder) : homeForUser(folder);
    makeFolder(home.folder);
    if (home.moved) leaveWord(folder, home.folder);
    return home;
  } catch (error) {
    throw explainRefusal(error, `keep the database in ${folder}`);
  }
}

/** A folder for what must outlive the next clean-up of temporary files. */
export const SYSTEM_FOLDER = '/var/lib/upmoltwork';
const WORD = 'moved-to';

/**
 * PostgreSQL refuses to run as root, and the user it runs as instead may not reach the folder asked for (a
 * project under /root): then the data lie in a system folder, and a word about it in the one asked for.
 */
function homeForRoot(folder: string): DataHome {
  if (hasCluster(folder)) {
    const owner = ownerOf(path.join(folder, 'pg'));
    const runAs = owner.uid === 0 ? serviceUser() : owner;
    if (!mayPass(path.join(folder, 'pg'), runAs) || owner.uid === 0)
      throw new CannotStartPostgres(
        `PostgreSQL cannot run as root, and user ${runAs.uid}, whom it runs as, cannot open the data in ` +
          `${folder}: make the folders above passable (chmod o+x) and pg theirs (chown -R ${runAs.uid} ${folder}/pg).`,
      );
    return { folder, moved: false, runAs };
  }
  const system = wordAbout(folder) ?? path.join(SYSTEM_FOLDER, hashOf(folder));
  if (hasCluster(system)) return { folder: system, moved: true, runAs: ownerOf(path.join(system, 'pg')) };
  const runAs = serviceUser();
  return mayPass(folder, runAs) ? { folder, moved: false, runAs } : { folder: system, moved: true, runAs };
}

function homeForUser(folder: string): DataHome {
  const elsewhere = wordAbout(folder);
  if (elsewhere !== undefined && !hasCluster(folder))
    throw new CannotStartPostgres(
      `The data of ${folder} lie in ${elsewhere}, made by root: start as root, or remove ${path.join(folder, WORD)} to begin anew.`,
    );
  if (![folder, path.join(folder, 'database.json')].every(canWrite) || !isMyCluster(folder))
    throw new CannotStartPostgres(
      `The data in ${folder} belong to another user: stop the server that may still run there, then either start as ` +
        `that user or run: sudo chown -R "$(id -un)" '${folder}'`,
    );
  return { folder, moved: false };
}

/** PostgreSQL starts only as the owner of its files. */
function isMyCluster(folder: string): boolean {
  const cluster = path.join(folder, 'pg');
  return process.getuid === undefined || !existsSync(cluster) || statSync(cluster).uid === process.getuid();
}

/** What does not exist yet can be made, or the making will say why not. */
function canWrite(file: string): boolean {
  if (!existsSync(file)) return true;
  try {
    accessSync(file, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * What root makes must be passable for the user that PostgreSQL runs as, whatever the umask. Step by step:
 * Node's own recursion never ends where the system says that a folder cannot exist (under /proc).
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process that starts at the same moment has made it.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  if (process.getuid?.() === 0) chmodSync(folder, 0o755);
}

function leaveWord(asked: string, folder: string): void {
  makeFolder(asked);
  const word = path.join(asked, WORD);
  if (wordAbout(asked) !== folder) writeFileSync(word, `${folder}\n`);
  chmodSync(word, 0o644);
}

/** The word goes with the project when somebody renames it; a hash of its path would not. */
function wordAbout(folder: string): string | undefined {
  try {
    return readFileSync(path.join(folder, WORD), 'utf8').trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const hashOf = (folder: string): string => createHash('sha256').update(folder).digest('hex').slice(0, 16);
