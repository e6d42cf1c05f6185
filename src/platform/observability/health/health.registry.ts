import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { BoundedCall, TooLate } from './bounded-call.js';

/** What a part tells about itself. The answer is public: numbers and yes or no, so that no text can leak. */
export type HealthFacts = Readonly<Record<string, number | boolean>>;

/** Throws when the part is down; nobody sees what was thrown but the log. */
export type Check = () => HealthFacts | void | Promise<HealthFacts | void>;

export interface HealthPart {
  check: Check;
}

export interface CheckOptions {
  /** Whether a process may take requests only while this part is up. */
  readonly ready?: boolean;
  readonly timeoutMs?: number;
}

export interface PartReport {
  readonly status: 'ok' | 'down';
  readonly ms: number;
  readonly reason?: 'failed' | 'timeout';
  readonly [fact: string]: number | boolean | string | undefined;
}

export interface HealthReport {
  readonly ok: boolean;
  readonly parts: Readonly<Record<string, PartReport>>;
}

/** Marks a provider whose `check()` is a part of the health report. */
export const HealthCheck =
  (name: string, options: CheckOptions = {}) =>
  (target: new (...args: never[]) => HealthPart): void => {
    Marked({ name, options })(target);
  };

/** Everything that can be asked whether it works, and whether this process is on its way out. */
@Injectable()
export class HealthRegistry implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('Health');
  private readonly checks = new Map<string, RunningCheck>();
  private readonly latest = new Map<string, { untilMs: number; report: Promise<HealthReport> }>();
  private leaving = false;

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const wrapper of this.discovery.getProviders({ metadataKey: Marked.KEY })) {
      const mark = this.discovery.getMetadataByDecorator(Marked, wrapper);
      const part = wrapper.instance as HealthPart | undefined;
      if (mark && part) this.register(mark.name, () => part.check(), mark.options);
    }
  }

  /** Shutdown begins: balancers are told before the last connections end. */
  onModuleDestroy(): void {
    this.leaving = true;
  }

  get shuttingDown(): boolean {
    return this.leaving;
  }

  register(name: string, check: Check, options: CheckOptions = {}): void {
    if (this.checks.has(name)) throw new Error(`There is already a health check called ${name}.`);
    this.checks.set(name, new RunningCheck(name, check, options, this.logger));
  }

  /** The parts that requests cannot do without. */
  ready(): Promise<HealthReport> {
    return this.shared('ready', (check) => check.options.ready === true);
  }

  deep(): Promise<HealthReport> {
    return this.shared('deep', () => true);
  }

  /** The page is public and its checks cost queries, so all callers within a second get the same answer. */
  private shared(kind: string, wanted: (check: RunningCheck) => boolean): Promise<HealthReport> {
    const known = this.latest.get(kind);
    if (known && performance.now() < known.untilMs) return known.report;
    const report = reportOf([...this.checks.values()].filter(wanted));
    this.latest.set(kind, { untilMs: performance.now() + SHARED_MS, report });
    return report;
  }
}

const Marked = DiscoveryService.createDecorator<{ name: string; options: CheckOptions }>();
const SHARED_MS = 1_000;
const TIMEOUT_MS = 2_000;

async function reportOf(checks: readonly RunningCheck[]): Promise<HealthReport> {
  const parts = await Promise.all(checks.map(async (check) => [check.name, await check.run()] as const));
  return { ok: parts.every(([, part]) => part.status === 'ok'), parts: Object.fromEntries(parts) };
}

class RunningCheck {
  private readonly call: BoundedCall<HealthFacts | void>;
  private wasUp = true;

  constructor(
    readonly name: string,
    check: Check,
    readonly options: CheckOptions,
    private readonly logger: Logger,
  ) {
    this.call = new BoundedCall(options.timeoutMs ?? TIMEOUT_MS, check);
  }

  async run(): Promise<PartReport> {
    const startedMs = performance.now();
    const ms = () => Math.round((performance.now() - startedMs) * 10) / 10;
    try {
      const facts = await this.call.run();
      this.changed(true);
      return { ...publicFacts(facts), status: 'ok', ms: ms() };
    } catch (error) {
      this.changed(false, error);
      return { status: 'down', ms: ms(), reason: error instanceof TooLate ? 'timeout' : 'failed' };
    }
  }

  /** Probes come every second: only the change is news. */
  private changed(up: boolean, error?: unknown): void {
    if (up === this.wasUp) return;
    this.wasUp = up;
    if (up) this.logger.log({ msg: 'part is up again', part: this.name });
    else this.logger.error({ msg: 'part is down', part: this.name, error });
  }
}

/** The types are no fence at run time: a text that slipped in is left out. */
const publicFacts = (facts: HealthFacts | void): HealthFacts =>
  Object.fromEntries(
    Object.entries(facts ?? {}).filter(([, fact]) => typeof fact === 'number' || typeof fact === 'boolean'),
  );
