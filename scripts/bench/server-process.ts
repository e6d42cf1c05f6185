import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** As `npm start` runs the product; the floor gets the same. */
const START_OPTIONS = ['--max-semi-space-size=64'];

/** A server in a process of its own, whose CPU time can be read. */
export class ServerProcess {
  private constructor(
    private readonly process: ChildProcess,
    readonly port: number,
  ) {}

  /** `says` finds the port in what it prints, which goes to a file, as a service's log does. */
  static async start(
    flags: string[],
    env: NodeJS.ProcessEnv,
    log: string,
    says: RegExp,
  ): Promise<ServerProcess> {
    const output = openSync(log, 'w');
    const server = spawn(process.execPath, [...START_OPTIONS, ...flags], {
      env,
      stdio: ['ignore', output, 'inherit'],
    });
    closeSync(output);
    while (server.exitCode === null) {
      const port = says.exec(readFileSync(log, 'utf8'))?.[1];
      if (port !== undefined) return new ServerProcess(server, Number(port));
      await sleep(50);
    }
    throw new Error(`The server did not start:\n${readFileSync(log, 'utf8')}`);
  }

  get pid(): number {
    return this.process.pid!;
  }

  /** User and system time so far, in milliseconds. Linux alone tells it of another process. */
  cpuMs(): number | undefined {
    try {
      const stat = readFileSync(`/proc/${this.process.pid}/stat`, 'utf8');
      // The second field is a name in parentheses, which may itself hold spaces.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
    } catch {
      return undefined;
    }
  }

  async stop(): Promise<void> {
    const gone = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await gone;
  }
}

/** USER_HZ, which Linux has fixed at 100 for programs. */
const MS_PER_TICK = 10;
