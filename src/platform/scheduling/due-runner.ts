import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { Interval } from '@nestjs/schedule';
import { Settings } from '#config/settings';
import { Clock, MINUTE_MS, SECOND_MS } from '#kernel/clock';
import { markedProviders } from '#kernel/marked-providers';
import type { DueQueue } from './due-queue.js';
import { DUE_WORK, type DueWorker } from './due-work.decorator.js';
import { ScheduleNotFound } from './due.errors.js';
import { Places } from './places.js';
import { ScheduleLog, type RunCause } from './schedule-log.js';

/** A look that takes longer may hang; the round goes on without it. */
const LOOK_PATIENCE_MS = SECOND_MS;
/** What is due for the same time as before is offered again only now: its job waits, runs or pauses after a failure. */
const OFFER_AGAIN_MS = 5 * SECOND_MS;
/** After this long on offer, a process runs due work itself: its job may hang in another process. */
const OFFERED_IN_VAIN_MS = 5 * MINUTE_MS;
/** More at a time would make requests wait for database sessions. */
const RUNS_AT_ONCE = 4;
const RUN_PATIENCE_MS = 10 * SECOND_MS;
/** What is cut off here is rolled back, stays due, and is done by the next process. */
const LAST_RUNS_MS = 5 * SECOND_MS;

/**
 * Finds all due work and asks each once a second whether it is due. What is due goes to the queue, which brings it to
 * one process; while the queue is away this process does it. A missed wake-up costs a second, never the work.
 */
@Injectable()
export class DueRunner implements BeforeApplicationShutdown {
  private readonly logger = new Logger('DueWork');
  private readonly looks = new Map<string, Promise<void>>();
  private readonly runs = new Map<string, Promise<void>>();
  private readonly offers = new Map<string, Offer>();
  private readonly places = new Places(RUNS_AT_ONCE, RUN_PATIENCE_MS);
  private readonly runsHere: boolean;
  private found: Map<string, DueWorker> | undefined;
  private queue: DueQueue | undefined;
  private round: Promise<void> | undefined;
  private travelling: Promise<unknown> | undefined;
  private stopping = false;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
    private readonly clock: Clock,
    private readonly log: ScheduleLog,
    settings: Settings,
  ) {
    this.runsHere = settings.env.ROLE !== 'api';
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.beginNothingMore();
    const end = Promise.allSettled([
      this.travelling,
      this.round,
      ...this.looks.values(),
      ...this.runs.values(),
    ]);
    await inTime(end, LAST_RUNS_MS);
  }

  beginNothingMore(): void {
    this.stopping = true;
  }

  /** Until somebody offers a queue, this process does everything itself. */
  offerTo(queue: DueQueue): void {
    this.queue = queue;
  }

  names(): string[] {
    return [...this.works.keys()].toSorted();
  }

  @Interval(SECOND_MS)
  wake(): void {
    if (this.isPaused || this.round) return;
    this.round = this.lookAtAll().finally(() => (this.round = undefined));
  }

  /** For who moves the clock: nothing runs by itself meanwhile, so that each work sees its own due time. */
  async alone<T>(act: () => Promise<T>): Promise<T> {
    while (this.travelling) await this.travelling;
    const mine = this.untilIdle().then(act);
    this.travelling = mine.catch(() => {}).finally(() => (this.travelling = undefined));
    return mine;
  }

  /** The earliest time at which something is due; later than this one, if it is given. */
  async nextDue(passed?: Date): Promise<Date | undefined> {
    let earliest: Date | undefined;
    for (const work of this.works.values()) {
      const due = await work.nextDue();
      if (!due || (passed && due <= passed)) continue;
      if (!earliest || due < earliest) earliest = due;
    }
    return earliest;
  }

  /** When each is due next; undefined where that cannot be told. */
  async nextDueOf(name: string): Promise<Date | undefined> {
    const due = await this.works
      .get(name)
      ?.nextDue()
      .catch(() => undefined);
    return due ?? undefined;
  }

  /** Runs all that is due, one after the other; one that fails does not keep the others from running. */
  async runDue(): Promise<void> {
    for (const name of this.works.keys()) {
      await this.runIfDue(name, 'clock').catch((error: unknown) => this.tell(name, error));
    }
  }

  /** Refuses a name that no due work has. */
  check(name: string): void {
    this.named(name);
  }

  /** Runs one at once, due or not, because an operator asked. */
  async runNow(name: string): Promise<void> {
    const work = this.named(name);
    const at = this.clock.now();
    await this.log.around({ name, at, cause: 'operator' }, () => work.run(at));
  }

  /** A job has arrived. Work that is no longer due was done by another process, so nothing is left to do. */
  async runJob(name: string, attempt: number): Promise<void> {
    if (this.isPaused || this.runs.has(name)) return;
    try {
      await this.inTurn(name, () => this.runIfDue(name, 'job', attempt));
    } catch (error) {
      this.tell(name, error);
      throw error;
    }
  }

  /** Found at the first use: another module's hook may come before ours. */
  private get works(): ReadonlyMap<string, DueWorker> {
    this.found ??= new Map(
      markedProviders(this.discovery, this.reflector, DUE_WORK).map(({ mark, provider }) => [
        mark as string,
        provider as DueWorker,
      ]),
    );
    return this.found;
  }

  private get isPaused(): boolean {
    return !this.runsHere || this.stopping || this.travelling !== undefined;
  }

  private async untilIdle(): Promise<void> {
    await this.round;
    await Promise.allSettled([...this.looks.values(), ...this.runs.values()]);
  }

  /** One after the other, so that a round takes one session; but none waits for one that hangs. */
  private async lookAtAll(): Promise<void> {
    for (const name of this.works.keys()) {
      if (this.isPaused) return;
      if (this.looks.has(name) || this.runs.has(name)) continue;
      const look = this.look(name)
        .catch((error: unknown) => this.tell(name, error))
        .finally(() => this.looks.delete(name));
      this.looks.set(name, look);
      await inTime(look, LOOK_PATIENCE_MS);
    }
  }

  private async look(name: string): Promise<void> {
    const due = await this.works.get(name)!.nextDue();
    if (!due || due > this.clock.now()) return void this.offers.delete(name);
    if (this.queue && !(await this.mustRunHere(name, due, this.queue))) return;
    await this.inTurn(name, () => this.runIfDue(name, 'process'));
  }

  private async mustRunHere(name: string, due: Date, queue: DueQueue): Promise<boolean> {
    const at = performance.now();
    const last = this.offers.get(name);
    const same = last?.due.getTime() === due.getTime() ? last : undefined;
    if (same && at - same.firstAt > OFFERED_IN_VAIN_MS) {
      this.offers.delete(name);
      this.logger.warn({
        msg: 'due work has waited for its job for minutes; it runs in this process',
        work: name,
      });
      return true;
    }
    if (same && at - same.lastAt < OFFER_AGAIN_MS) return false;
    if (!(await queue.offer(name, due))) return true;
    this.offers.set(name, { due, firstAt: same?.firstAt ?? at, lastAt: at });
    return false;
  }

  private inTurn(name: string, run: () => Promise<void>): Promise<void> {
    const turn = this.places
      .take()
      .then((leave) => run().finally(leave))
      .finally(() => this.runs.delete(name));
    this.runs.set(name, turn);
    return turn;
  }

  private async runIfDue(name: string, cause: RunCause, attempt = 1): Promise<void> {
    const work = this.works.get(name);
    const at = this.clock.now();
    const due = await work?.nextDue();
    if (work && due && due <= at) await this.log.around({ name, at, cause, attempt }, () => work.run(at));
  }

  private tell(name: string, error: unknown): void {
    if (!this.stopping) this.logger.error({ msg: 'due work failed', work: name, error });
  }

  private named(name: string): DueWorker {
    const work = this.works.get(name);
    if (!work) throw new ScheduleNotFound(name);
    return work;
  }
}

interface Offer {
  due: Date;
  firstAt: number;
  lastAt: number;
}

/** Resolves when the work, which does not fail, is done, or when its time is over. */
function inTime(work: Promise<unknown>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms).unref();
    void work.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
