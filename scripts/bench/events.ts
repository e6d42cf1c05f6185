import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { SECOND_MS } from '#kernel/clock';
import { UnitOfWork } from '#platform/database';
import {
  type DomainEvent,
  type RecordedEvent,
  OnDomainEvent,
  OnEveryEvent,
  Outbox,
} from '#platform/messaging';
import { ownApp, ownDatabase } from '../own-app.js';

declare module '#platform/messaging' {
  interface DomainEvents {
    'bench.happened': { n: number };
  }
}

const EVENTS = 10_000;
const WRITERS = 16;
const LONE_COMMITS = 200;
const AGENTS = 1_000;

/** Two subscribers, one of each kind; the slower of the two counts. */
@Injectable()
class BenchSubscribers {
  seenAt = new Map<number, number>();
  everyCount = 0;

  @OnDomainEvent('bench.happened', { subscriber: 'bench-one' })
  one({ data }: RecordedEvent<'bench.happened'>): Promise<void> {
    this.seenAt.set(data.n, performance.now());
    return Promise.resolve();
  }

  @OnEveryEvent({ subscriber: 'bench-every' })
  every(events: readonly RecordedEvent[]): Promise<void> {
    this.everyCount += events.filter(({ name }) => name === 'bench.happened').length;
    return Promise.resolve();
  }
}

/** From the commit of an event to its subscribers: how many a second, and how long one takes when all is quiet. */
async function main(): Promise<void> {
  const database = await ownDatabase('.data/bench');
  const app = await ownApp(database, [BenchSubscribers]);
  const [work, outbox, seen] = [
    app.get(UnitOfWork),
    app.get(Outbox),
    app.get(BenchSubscribers, { strict: false }),
  ];
  const commit = (n: number): Promise<void> => work.run((tx) => outbox.record(tx, happened(n)));
  const all = async (count: number): Promise<void> => {
    while (seen.seenAt.size < count || seen.everyCount < count) await sleep(2);
  };

  const latencies: number[] = [];
  for (let n = 0; n < LONE_COMMITS; n++) {
    await commit(n);
    const committedAt = performance.now();
    while (!seen.seenAt.has(n)) await sleep(1);
    latencies.push(Math.max(0, seen.seenAt.get(n)! - committedAt));
    await sleep(20 + Math.random() * 80);
  }
  await all(LONE_COMMITS);

  let next = LONE_COMMITS;
  /** As many writers as a busy server has, until so many events are committed and handed over. */
  const load = async (perTransaction: number): Promise<Load> => {
    const [cpuBefore, startedAt, end] = [process.cpuUsage(), performance.now(), next + EVENTS];
    const writer = async (): Promise<void> => {
      for (; next < end;) {
        const events = Array.from({ length: perTransaction }, () => happened(next++));
        await work.run((tx) => outbox.record(tx, ...events));
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, writer));
    const committedMs = performance.now() - startedAt;
    await all(next);
    const cpu = process.cpuUsage(cpuBefore);
    return { committedMs, handedMs: performance.now() - startedAt, cpuUs: cpu.user + cpu.system };
  };
  const single = await load(1);
  const several = await load(5);
  const burst = await load(500);
  latencies.sort((a, b) => a - b);
  console.log(`queues                          ${process.env['REDIS_URL'] ? 'Redis' : 'PostgreSQL'}`);
  console.log(
    `latency, quiet, p50 / p99 / max ${[0.5, 0.99, 1].map((q) => at(latencies, q)).join(' / ')} ms`,
  );
  console.log(`1 event per transaction         ${rates(single)}`);
  console.log(`5 events per transaction        ${rates(several)}`);
  console.log(`500 events per transaction      ${rates(burst)}`);
  await app.close();
  await database.stop();
}

const happened = (n: number): DomainEvent<'bench.happened'> => ({
  name: 'bench.happened',
  subject: `agt_${n % AGENTS}`,
  audience: [`agt_${n % AGENTS}`],
  data: { n },
});

interface Load {
  committedMs: number;
  handedMs: number;
  cpuUs: number;
}

const rates = ({ committedMs, handedMs, cpuUs }: Load): string => {
  const perSecond = (ms: number): string => `${Math.round((EVENTS / ms) * SECOND_MS)}/s`;
  const cpu = `${Math.round(cpuUs / EVENTS)} µs of node's CPU each`;
  return `${perSecond(committedMs)} committed, ${perSecond(handedMs)} handed over, ${cpu}`;
};

const at = (sorted: readonly number[], quantile: number): string =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))]!.toFixed(1);

void main().then(() => process.exit(0));
