import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { Interval } from '@nestjs/schedule';
import { Settings } from '../../config/settings.js';
import { Clock, SECOND_MS } from '../clock.js';
import { markedProviders } from '../marked-providers.js';
import { ScheduleNotFound } from './due.errors.js';
import { DUE_WORK, type DueWorker } from './due-work.decorator.js';
import { ScheduleLog } from './schedule-log.js';

/** Finds all due work and runs what is due. A missed wake-up costs a second, never the work. */
@Injectable()
export class DueRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('DueWork');
  private readonly works = new Map<string, DueWorker>();
  private running: Promise<unknown> | undefined;
  private paused = true;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
    private readonly clock: Clock,
    private readonly log: ScheduleLog,
    private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    const marked = markedProviders(this.discovery, this.reflector, DUE_WORK);
    for (const { mark, provider } of marked) this.works.set(mark as string, provider as DueWorker);
    this.paused = this.settings.env.ROLE === 'api';
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.paused = true;
    await this.running;
  }

  names(): string[] {
    return [...this.works.keys()].toSorted();
  }

  @Interval(SECOND_MS)
  wake(): void {
    if (this.paused || this.running) return;
    this.running = this.runDue().finally(() => (this.running = undefined));
  }

  /** For who moves the clock: nothing runs by itself meanwhile, so that each work sees its own due time. */
  async alone<T>(act: () => Promise<T>): Promise<T> {
    while (this.running) await this.running;
    const mine = act();
    this.running = mine.catch(() => {}).finally(() => (this.running = undefined));
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

  /** Runs all that is due; one that fails does not keep the others from running. */
  async runDue(): Promise<void> {
    for (const [name, work] of this.works) {
      const at = this.clock.now();
      try {
        const due = await work.nextDue();
        if (due && due <= at) await this.log.around(name, at, () => work.run(at));
      } catch (error) {
        if (!this.paused) this.logger.error({ msg: 'due work failed', work: name, error });
      }
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
    await this.log.around(name, at, () => work.run(at));
  }

  private named(name: string): DueWorker {
    const work = this.works.get(name);
    if (!work) throw new ScheduleNotFound(name);
    return work;
  }
}
