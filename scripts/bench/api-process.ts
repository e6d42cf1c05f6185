import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_MS_MAX = 60_000;

/** The built program in a process of its own, as whoever installs it would run it. */
export interface ApiProcess {
  readonly baseUrl: string;
  readonly pid: number;
  /** False when it ended, by whomever. */
  isAlive(): boolean;
  /** Resolves when it is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

export interface ApiPlan {
  /** The folder of the embedded PostgreSQL; what the program says goes into `api.log` there. */
  readonly home: string;
  readonly port: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
}

export async function startApi(plan: ApiPlan): Promise<ApiProcess> {
  const baseUrl = `http://127.0.0.1:${plan.port}`;
  const child = launch(plan);
  const api: ApiProcess = {
    baseUrl,
    pid: child.pid!,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    end: (signal) => end(child, signal),
  };
  const giveUpAt = performance.now() + READY_MS_MAX;
  while (!(await isReady(baseUrl))) {
    if (!api.isAlive() || performance.now() > giveUpAt) {
      await api.end('SIGKILL');
      throw new Error(`The API did not start: see ${logOf(plan.home)}.`);
    }
    await sleep(20);
  }
  return api;
}

/** A port that was free a moment ago: the program must come back on the same one. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** CPU seconds of a process so far; undefined where the system does not tell. */
export function cpuSecondsOf(pid: number): number | undefined {
  try {
    const fields = statOf(pid);
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return undefined;
  }
}

/** Behind the name of the program, which may itself hold spaces. */
const statOf = (pid: number): string[] =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');

/** Of a PostgreSQL server with all its sessions, those that have ended included. */
export function cpuSecondsOfServer(postmaster: number): number | undefined {
  try {
    const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8');
    const running = children.trim().split(' ').map(Number);
    const ended = statOf(postmaster);
    return running.reduce(
      (sum, pid) => sum + (cpuSecondsOf(pid) ?? 0),
      (Number(ended[13]) + Number(ended[14])) / TICKS_PER_SECOND,
    );
  } catch {
    return undefined;
  }
}

/** What Linux counts in, on every platform that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Those of `npm start`. */
const START_OPTIONS = ['--max-semi-space-size=64'];

const logOf = (home: string): string => path.join(home, 'api.log');

function launch({ home, port, env, nodeOptions = [] }: ApiPlan): ChildProcess {
  mkdirSync(home, { recursive: true });
  const log = openSync(logOf(home), 'a');
  const child = spawn(
    process.execPath,
    [...START_OPTIONS, ...nodeOptions, path.resolve('dist/src/main.js')],
    {
      env: { PATH: process.env['PATH'], PORT: String(port), DATA_DIR: home, LOG_FORMAT: 'json', ...env },
      stdio: ['ignore', log, log],
    },
  );
  closeSync(log);
  return child;
}

async function isReady(baseUrl: string): Promise<boolean> {
  try {
    const response = await fetch(`${baseUrl}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
