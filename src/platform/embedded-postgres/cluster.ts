import { execFile } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { CannotStartPostgres, SET_DATABASE_URL } from './cannot-start-postgres.js';
import { clusterOf, type DataHome } from './data-home.js';
import type { PostgresBinaries } from './postgres-binaries.js';

/** Our own PG* variables and secrets are none of the server's business. */
export const serverEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  SystemRoot: process.env.SystemRoot,
  LC_ALL: 'C',
  TZ: 'UTC',
});

/**
 * Makes an empty cluster whose superuser has this password. It is made beside its place and renamed, so that a
 * cluster is either whole or not there; what a killed predecessor left is swept.
 */
export async function createCluster(
  home: DataHome,
  binaries: PostgresBinaries,
  password: string,
  options: { fast: boolean; signal: AbortSignal },
): Promise<void> {
  sweepDrafts(home);
  const draft = mkdtempSync(path.join(home.folder, DRAFT));
  const passwordFile = `${draft}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (home.runAs) for (const file of [draft, passwordFile]) chownSync(file, home.runAs.uid, home.runAs.gid);
  chmodSync(draft, 0o700);
  const flags = [
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--username=postgres',
    '--no-instructions',
  ];
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const durability = options.fast ? ['--no-sync'] : [];
  try {
    await run(binaries.initdb, ['-D', draft, ...flags, ...locale, ...durability], home, options.signal);
    renameSync(draft, clusterOf(home));
  } finally {
    sweepDrafts(home);
  }
}

/** In single-user mode nobody asks for a password. For a cluster whose `database.json` is gone. */
export async function resetPassword(
  home: DataHome,
  binaries: PostgresBinaries,
  password: string,
  signal: AbortSignal,
): Promise<void> {
  const statement = `alter role postgres with login superuser password '${password}'\n`;
  await run(binaries.postgres, ['--single', '-D', clusterOf(home), 'postgres'], home, signal, statement);
}

const DRAFT = 'pg.draft-';

function sweepDrafts(home: DataHome): void {
  for (const name of readdirSync(home.folder).filter((entry) => entry.startsWith(DRAFT)))
    rmSync(path.join(home.folder, name), { recursive: true, force: true, maxRetries: 3 });
}

async function run(
  program: string,
  flags: string[],
  home: DataHome,
  signal: AbortSignal,
  input?: string,
): Promise<void> {
  const running = promisify(execFile)(program, flags, {
    ...home.runAs,
    env: serverEnvironment(),
    cwd: '/',
    signal,
  });
  // A program that cannot be started has no input to write to; the promise says so.
  running.child.stdin?.on('error', () => undefined).end(input);
  try {
    await running;
  } catch (error) {
    signal.throwIfAborted();
    throw new CannotStartPostgres(whyItFailed(program, error), { cause: error });
  }
}

/** The system says "no such file" of a program that is there when the loader that it names is not. */
export function whyItFailed(program: string, error: unknown): string {
  const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
  if (code === 'ENOENT')
    return `The embedded PostgreSQL needs a system with glibc, which this is not (Alpine, for one). ${SET_DATABASE_URL}`;
  const said = (stderr ?? '').split('\n').findLast((line) => /error|fatal|could not/i.test(line));
  return `${path.basename(program)} failed: ${said?.trim() ?? (error as Error).message}. ${SET_DATABASE_URL}`;
}
