import { execFile, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { serverEnvironment, whyItFailed } from './cluster.js';
import { CannotStartPostgres } from './cannot-start-postgres.js';
import { clusterOf, type DataHome, logOf } from './data-home.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { argumentsOf, isAlive, isKnown } from './process-liveness.js';
import { giveToOwnerOf } from './server-identity.js';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Takes connections, as far as it knows itself. */
  readonly isReady: boolean;
}

/** The server of this home, whoever started it; a file left behind by a dead one does not count. */
export function findPostmaster(home: DataHome): Postmaster | undefined {
  const file = path.join(clusterOf(home), 'postmaster.pid');
  const lines = readLines(file);
  // Between creating the file and filling it lies a moment.
  if (lines === undefined || lines.length < 2) return undefined;
  const pid = Math.abs(Number(lines[0]));
  if (isAlive(pid) && isServerOf(home, pid))
    return { pid, port: Number(lines[3]), isReady: lines[7]?.trim() === 'ready' };
  // PostgreSQL clears a dead server's file away itself, unless a zombie or another program has the pid now.
  if (isKnown(pid)) rmSync(file, { force: true });
  return undefined;
}

/** How a launch that did not end in a running server ended. */
export interface FailedLaunch {
  readonly reason: string;
  readonly portTaken: boolean;
  /** Some file systems, such as shared folders of containers, have no sockets. */
  readonly socketRefused: boolean;
  /** Children of a killed postmaster still hold its shared memory: they go by themselves. */
  readonly predecessorLeaving: boolean;
}

/** Resolves when the server takes connections. It outlives this program, unless `stopPostmaster` ends it. */
export async function launchPostmaster(
  home: DataHome,
  binaries: PostgresBinaries,
  port: number,
  options: { fast: boolean; sessions: number; socketFolder: string | undefined; signal: AbortSignal },
): Promise<Postmaster | FailedLaunch> {
  const logStart = makeRoomInLog(home);
  const log = openSync(logOf(home), 'a', 0o600);
  giveToOwnerOf(home, logOf(home));
  // A process group of its own: Ctrl-C in the terminal reaches only us, and we stop the server last.
  const child = spawn(binaries.postgres, ['-D', clusterOf(home), ...settings(port, options)], {
    ...home.runAs,
    env: serverEnvironment(),
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  const failures: Error[] = [];
  child.once('error', (error) => failures.push(error));
  while (child.exitCode === null && child.signalCode === null && failures.length === 0) {
    const running = findPostmaster(home);
    if (running?.pid === child.pid && running?.isReady) return running;
    await sleep(POLL_MS);
    if (options.signal.aborted) child.kill('SIGINT');
    options.signal.throwIfAborted();
  }
  for (const cause of failures)
    throw new CannotStartPostgres(whyItFailed(binaries.postgres, cause), { cause });
  if (child.signalCode !== null) return { ...NO_REASON, reason: `it was ended by ${child.signalCode}` };
  return diagnose(readFileSync(logOf(home)).subarray(logStart).toString());
}

/** A fast shutdown: sessions are ended, everything is written. Waits for its end at most this long. */
export async function stopPostmaster(
  home: DataHome,
  binaries: PostgresBinaries,
  waitMs: number,
): Promise<void> {
  const flags = ['stop', '-D', clusterOf(home), '--mode=fast', '--no-wait'];
  await promisify(execFile)(binaries.pgCtl, flags, { ...home.runAs, env: serverEnvironment(), cwd: '/' });
  const deadline = Date.now() + waitMs;
  while (findPostmaster(home) !== undefined && Date.now() < deadline) await sleep(POLL_MS);
}

const NO_REASON: FailedLaunch = {
  reason: 'it said nothing',
  portTaken: false,
  socketRefused: false,
  predecessorLeaving: false,
};
const POLL_MS = 5;
const LOG_BYTES_MAX = 10_000_000;

/** A market that has just opened grows faster than it would be counted. */
const KEPT = { autovacuum_naptime: '15s' };
/** One that falls silent while it logs in keeps everybody from making and dropping databases until it is given up. */
const THROWN_AWAY = { fsync: 'off', full_page_writes: 'off', authentication_timeout: '5s' };

/** `fast` is for data that are thrown away: a power failure would corrupt them. */
function settings(
  port: number,
  { fast, sessions, socketFolder }: { fast: boolean; sessions: number; socketFolder: string | undefined },
): string[] {
  const chosen: Record<string, string | number> = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: socketFolder ?? '',
    max_connections: sessions,
    shared_buffers: fast ? '64MB' : '256MB',
    max_wal_size: '2GB',
    // What is asked for lies in memory, or on a disk without a head: by its key, a row costs little more than in a row.
    random_page_cost: '1.1',
    jit: 'off',
    io_method: 'sync',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    synchronous_commit: fast ? 'off' : 'on',
    ...(fast ? THROWN_AWAY : KEPT),
  };
  return Object.entries(chosen).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

function diagnose(log: string): FailedLaunch {
  const lines = log.split('\n').map((line) => line.replace(/^.*?\b(FATAL|PANIC|LOG|HINT):\s+/, '$1: '));
  const fatal = lines.find((line) => /^(FATAL|PANIC): /.test(line));
  return {
    reason: fatal ?? lines.findLast((line) => line !== '') ?? NO_REASON.reason,
    portTaken: /could not bind IPv|could not create any TCP\/IP sockets/.test(log),
    socketRefused: /could not create any Unix-domain sockets/.test(log),
    predecessorLeaving: /shared memory block .* still in use|lock file .* already exists/.test(log),
  };
}

/**
 * Another program may have come by the pid; its arguments tell. In doubt the server is taken for ours: removing
 * the pid file of one that lives would do more harm than waiting for one that does not.
 */
function isServerOf(home: DataHome, pid: number): boolean {
  const args = argumentsOf(pid);
  if (args === undefined) return true;
  const folder = args[args.indexOf('-D') + 1];
  if (!/postgres(\.exe)?$/.test(args[0] ?? '') || folder === undefined) return false;
  return !existsSync(folder) || realpathSync(folder) === realpathSync(clusterOf(home));
}

/** The size of the log; a large one is put aside first, so that two of them are the most there is. */
function makeRoomInLog(home: DataHome): number {
  const size = existsSync(logOf(home)) ? statSync(logOf(home)).size : 0;
  if (size < LOG_BYTES_MAX) return size;
  renameSync(logOf(home), `${logOf(home)}.old`);
  return 0;
}

function readLines(file: string): string[] | undefined {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
