import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Api } from './api.js';
import { postmasterOf } from './embedded-programs.js';
import { until } from './until.js';

const MAIN = path.resolve('dist/src/main.js');
const running = new Set<Program>();

/** The built program in a process of its own, as a user starts it. */
export class Program {
  output = '';
  private readonly process: ChildProcess;
  private readonly exited: Promise<unknown>;

  /** Nothing of the shell that runs the tests reaches it, but what it needs to run at all. */
  constructor(environment: NodeJS.ProcessEnv) {
    const { PATH, HOME } = process.env;
    this.process = spawn(process.execPath, [MAIN], {
      env: { PATH, HOME, PORT: '0', LOG_LEVEL: 'warn', RATE_LIMIT_FACTOR: '0', ...environment },
      // A group of its own, so that a test can press Ctrl-C for all of it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.exited = once(this.process, 'exit');
    for (const stream of [this.process.stdout!, this.process.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    running.add(this);
    void this.exited.then(() => running.delete(this));
  }

  get hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  async up(): Promise<this> {
    await until('the program says that it is up', () => this.hasEnded || this.saysItIsUp, 40_000);
    if (this.hasEnded) {
      const end = this.process.exitCode ?? this.process.signalCode;
      throw new Error(`The program ended with ${end}:\n${this.output}`);
    }
    return this;
  }

  /** Of the API that it says it serves. */
  get api(): Api {
    const [, baseUrl] = /API\s+(\S+)\/v1\n/.exec(this.output) ?? [];
    return new Api(baseUrl!);
  }

  signal(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  /** What a terminal does with Ctrl-C: everybody in it is signalled. */
  ctrlC(): void {
    process.kill(-this.process.pid!, 'SIGINT');
  }

  /** As long as it writes, it is heard no more. */
  stopListening(): void {
    this.process.stdout!.destroy();
    this.process.stderr!.destroy();
  }

  /** The exit code, or the signal that ended it. */
  async ended(): Promise<number | NodeJS.Signals | null> {
    await until('the program ends', () => this.hasEnded, 20_000);
    return this.process.exitCode ?? this.process.signalCode;
  }

  private get saysItIsUp(): boolean {
    return /is up after .*\n/.test(this.output);
  }
}

export const startProgram = (environment: NodeJS.ProcessEnv): Promise<Program> =>
  new Program(environment).up();

/** A data folder of its own, in the project and not among the temporary files, as `.data` is. */
export function aDataFolder(): string {
  mkdirSync('.data', { recursive: true });
  const folder = mkdtempSync(path.resolve('.data/test-process-'));
  // Root's database server runs as another user, who must be able to enter.
  chmodSync(folder, 0o755);
  return folder;
}

export const operatorKeyIn = (folder: string): string =>
  readFileSync(path.join(folder, 'operator.key'), 'utf8').trim();

export const hasPidFile = (folder: string): boolean => existsSync(path.join(folder, 'pg', 'postmaster.pid'));

/** Whatever a failed test has left behind. */
export async function endPrograms(): Promise<void> {
  for (const program of running) program.signal('SIGKILL');
  await Promise.all([...running].map((program) => program.ended()));
}

export async function removeDataFolder(folder: string): Promise<void> {
  await endPrograms();
  const pid = postmasterOf(folder);
  if (pid !== undefined) {
    process.kill(pid, 'SIGKILL');
    await until('the database server is gone', () => postmasterOf(folder) === undefined);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}
