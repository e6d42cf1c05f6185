import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Settings } from '#config/settings';
import { MINUTE_MS } from '#kernel/clock';
import { Database } from '#platform/database';
import { Wakeups, Relay } from '#platform/messaging';
import { DueRunner } from './due-runner.js';
import { ClockStuck } from './due.errors.js';
import { CLOCK_CHANNEL, MovableClock } from './sandbox-clock.js';

/** Any number; every replica uses the same one. */
const TRAVEL_LOCK = 7_301_002;
const SAME_TIME_MAX = 3;

/**
 * Moves the sandbox's clock: to the next due time, runs what is due, lets every event arrive, and so on to the
 * target, so that 95 days are 95 emissions. Any replica may be asked; one with due work does it.
 */
@Injectable()
export class TimeTraveller implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('SandboxClock');
  private journey: Promise<void> | undefined;
  private leaving = false;

  constructor(
    private readonly clock: MovableClock,
    private readonly due: DueRunner,
    private readonly relay: Relay,
    private readonly database: Database,
    private readonly wakeups: Wakeups,
    private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.settings.sandbox || this.settings.env.ROLE === 'api') return;
    this.wakeups.on(CLOCK_CHANNEL, () => this.travel());
    this.travel();
  }

  /** A journey that is cut short is gone on with by the next process that starts. */
  async beforeApplicationShutdown(): Promise<void> {
    this.leaving = true;
    await this.journey;
  }

  /** Resolves when the clock is there and everything on the way is done. */
  async advance(ms: number): Promise<Date> {
    const target = await this.clock.requestAdvance(ms);
    const giveUpAt = Date.now() + 10 * MINUTE_MS;
    for (let waited = 1; ; waited++) {
      const pending = await this.clock.advanceTarget();
      if (!pending || pending > target ? this.clock.now() >= target : false) return target;
      if (Date.now() > giveUpAt) throw new ClockStuck();
      // A wake-up may be lost: then the traveller is asked again.
      if (waited % 100 === 0) this.wakeups.wake(CLOCK_CHANNEL);
      await sleep(10);
    }
  }

  private travel(): void {
    if (this.leaving) return;
    this.journey ??= this.whileAlone()
      .catch((error: unknown) => this.logger.error({ msg: 'the clock could not be moved', error }))
      .finally(() => (this.journey = undefined));
  }

  /** One traveller at a time among all replicas; a session lock, since a journey is many transactions. */
  private async whileAlone(): Promise<void> {
    const client = await this.database.pool.connect();
    try {
      const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [
        TRAVEL_LOCK,
      ]);
      if (!rows[0]!.mine) return;
      try {
        for (
          let target = await this.clock.advanceTarget();
          target;
          target = await this.clock.advanceTarget()
        ) {
          const there = target;
          await this.due.alone(() => this.stepTo(there));
          if (this.leaving) return;
          await this.clock.arrived(there);
        }
      } finally {
        await client.query('SELECT pg_advisory_unlock($1)', [TRAVEL_LOCK]);
      }
    } finally {
      client.release();
    }
  }

  private async stepTo(target: Date): Promise<void> {
    let stuckAt = { due: 0, times: 0 };
    let passed: Date | undefined;
    for (;;) {
      const due = await this.due.nextDue(passed);
      if (this.leaving) return;
      if (!due || due > target) break;
      stuckAt = { due: due.getTime(), times: due.getTime() === stuckAt.due ? stuckAt.times + 1 : 1 };
      // Work that stays due after it has run has failed, and says so in the log; it must stop neither the time
      // nor the steps of the others.
      if (stuckAt.times > SAME_TIME_MAX) {
        passed = due;
        continue;
      }
      await this.clock.moveTo(due);
      await this.due.runDue();
      await this.relay.drained();
    }
    await this.clock.moveTo(target);
    await this.due.runDue();
    await this.relay.drained();
  }
}
