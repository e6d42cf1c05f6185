import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '#platform/embedded-postgres';
import { type ApiPlan, type ApiProcess, startApi } from '../../bench/api-process.js';
import type { Dice } from './dice.js';

const BETWEEN_MS = { least: 1_500, most: 4_000 };

/** Kills the program every few seconds and its database twice, and starts the program again each time. */
export class Chaos {
  apiKills = 0;
  databaseKills = 0;
  /** How often the program ended though nobody had killed it. */
  crashes = 0;
  private api: ApiProcess | undefined;
  private stopped = false;

  constructor(
    private readonly plan: ApiPlan,
    private readonly dice: Dice,
  ) {}

  async start(): Promise<string> {
    this.api = await startApi(this.plan);
    return this.api.baseUrl;
  }

  /** Ends with a program that runs; on a slow machine not before both kills of the database were done. */
  async rage(seconds: number): Promise<void> {
    const databaseKillsAt = [0.3, 0.7].map((share) => performance.now() + share * seconds * 1_000);
    const endsAt = performance.now() + seconds * 1_000;
    while (!this.stopped && (performance.now() < endsAt || databaseKillsAt.length > 0)) {
      const pauseMs = BETWEEN_MS.least + this.dice.below(BETWEEN_MS.most - BETWEEN_MS.least);
      await sleep(Math.min(pauseMs, seconds * 150));
      if (performance.now() > (databaseKillsAt[0] ?? Infinity)) {
        if (this.killDatabase()) databaseKillsAt.shift();
      } else {
        await this.killApi();
      }
    }
    if (!this.api!.isAlive()) await this.killApi();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.api?.end('SIGTERM');
  }

  private async killApi(): Promise<void> {
    if (this.api!.isAlive()) this.apiKills++;
    else this.crashes++;
    await this.api!.end('SIGKILL');
    this.api = await startApi(this.plan);
  }

  /** The program notices and starts it again; false while the last death is not yet overcome. */
  private killDatabase(): boolean {
    const file = path.join(this.plan.home, 'pg', 'postmaster.pid');
    if (!existsSync(file)) return false;
    const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
    if (!isAlive(pid)) return false;
    process.kill(pid, 'SIGKILL');
    this.databaseKills++;
    return true;
  }
}
