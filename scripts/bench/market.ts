import { loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startEmbeddedPostgres } from '#platform/embedded-postgres';
import { cpuSecondsOf, freePort, startApi, type ApiProcess } from './api-process.js';
import { floorWithNode } from './ledger/floor-client.js';
import { floorWithPgbench } from './ledger/floor-pgbench.js';
import { type Floor, hasPgbench, layFloor } from './ledger/floor.js';
import type { Load, LoadResult } from './load.js';
import { insertAgents, KNOWN_SECRETS, knownAgents } from './many-agents.js';
import type { CycleLoad, CycleResult } from './market/cycle.js';
import { insertTasks } from './market/many-tasks.js';
import { median, run, startFloor } from './measuring.js';

const AGENTS = 2_000;
const HOME = path.resolve('.data/bench-market');

/**
 * The board with many tasks on it: what a page, a search and a task cost beside a bare Express handler that answers the
 * same body, in turn in the same run; and how many tasks a second are posted, bid on, accepted, handed in and paid, beside
 * what PostgreSQL does of a plain transaction for each of the four requests: `npm run bench:market`.
 *   --tasks 100000  --seconds 5  --connections 64  --rounds 3
 *   --only <part of a name>
 *   --node           options for the program's Node, such as --node=--cpu-prof
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      tasks: { type: 'string', default: '100000' },
      seconds: { type: 'string', default: '5' },
      connections: { type: 'string', default: '64' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string', default: '' },
      node: { type: 'string', multiple: true },
    },
  });
  const server = await startEmbeddedPostgres({ home: HOME });
  const env = { ...KNOWN_SECRETS, RATE_LIMIT_FACTOR: '100000' };
  const api = await startApi({ home: HOME, port: await freePort(), env, nodeOptions: values.node ?? [] });
  const superuser = new pg.Client({ connectionString: server.url('superuser') });
  await superuser.connect();
  const plan = {
    seconds: Number(values.seconds),
    connections: Number(values.connections),
    authorizations: [],
  };
  const rounds = Number(values.rounds);
  try {
    await fill(superuser, Number(values.tasks));
    // A server that is up for minutes never gets to it by itself, and each run would be slower than the one before.
    await superuser.query('VACUUM ANALYZE');
    console.log(`${values.tasks} tasks, ${values.connections} connections, load ${loadavg()[0]!.toFixed(1)}`);
    console.log(HEADINGS);
    for (const one of READS.filter(({ name }) => name.includes(values.only)))
      print(one, await readInTurns(api, one, plan, rounds));
    if (CYCLE.name.includes(values.only)) {
      await layFloor(superuser, AGENTS);
      const floor = { url: server.url('superuser'), agents: AGENTS, folder: HOME };
      print(CYCLE, await cyclesInTurns(api, floor, plan.seconds, rounds));
    }
  } finally {
    await api.end('SIGTERM');
    await superuser.end();
    await server.stop();
  }
}

/** At least so many a second, and for a page so much CPU and such a p99 at most. */
interface Case {
  name: string;
  target: string;
  perSecondBar: number;
}

/** Three times what the public implementation of the specification reached. */
const LIST_BAR = 3 * 687;
const SEARCH_BAR = 3 * 207;
const CYCLE_BAR = 200;
const CPU_US_BAR = 500;
const P99_MS_BAR = 50;

const READS: readonly Case[] = [
  { name: 'the newest', target: '/v1/tasks', perSecondBar: LIST_BAR },
  { name: 'open ones', target: '/v1/tasks?status=open', perSecondBar: LIST_BAR },
  {
    name: 'open ones of a category',
    target: '/v1/tasks?status=open&category=content',
    perSecondBar: LIST_BAR,
  },
  {
    name: 'done ones of a category, the dearest',
    target: '/v1/tasks?status=completed&category=video&sort=price',
    perSecondBar: LIST_BAR,
  },
  {
    name: 'open ones that pay 500 and more',
    target: '/v1/tasks?status=open&min_price=500&sort=deadline',
    perSecondBar: LIST_BAR,
  },
  { name: 'search: a word of few', target: '/v1/tasks?q=subject4711', perSecondBar: SEARCH_BAR },
  { name: 'search: words of many', target: '/v1/tasks?q=blog%20post%20protocol', perSecondBar: SEARCH_BAR },
  { name: 'search: a word of most', target: '/v1/tasks?q=ledger', perSecondBar: SEARCH_BAR },
  {
    name: 'search: a word of most, open ones',
    target: '/v1/tasks?q=ledger&status=open',
    perSecondBar: SEARCH_BAR,
  },
  { name: 'one task', target: '/v1/tasks/tsk_00000fff', perSecondBar: LIST_BAR },
];

const REQUESTS_OF_A_CYCLE = 4;
/** Until then a quarter of the program's CPU goes into compiling what a cycle runs through. */
const WARM_UP_SECONDS = 20;
const CYCLE: Case = { name: 'post, bid, accept, submit and be paid', target: '', perSecondBar: CYCLE_BAR };

interface Measured {
  perSecond: number;
  cpuUs: number;
  p99Ms: number;
  statuses: string;
  /** Of what the bare handler does. */
  ofFloor: number;
}

const HEADINGS = `${'median of the rounds'.padEnd(38)} a second (bar)   of floor   CPU µs (bar)   p99 ms (bar)   statuses`;

/** The floor answers what the product answers; both see the same machine in each round. */
async function readInTurns(
  api: ApiProcess,
  { target }: Case,
  plan: Omit<Load, 'url'>,
  rounds: number,
): Promise<Measured> {
  const url = `${api.baseUrl}${target}`;
  const body = await (await fetch(url)).text();
  const floor = await startFloor(body, HOME);
  const floorUrl = `http://127.0.0.1:${floor.port}/`;
  for (const warm of [floorUrl, url]) await run<LoadResult>('load.js', { ...plan, url: warm, seconds: 1 });
  const measured: Measured[] = [];
  for (let round = 0; round < rounds; round++) {
    const bare = await run<LoadResult>('load.js', { ...plan, url: floorUrl });
    const before = cpuSecondsOf(api.pid) ?? Number.NaN;
    const { requests, seconds, p99Ms, statuses } = await run<LoadResult>('load.js', { ...plan, url });
    const cpuUs = (((cpuSecondsOf(api.pid) ?? Number.NaN) - before) * 1e6) / requests;
    const perSecond = requests / seconds;
    const ofFloor = perSecond / (bare.requests / bare.seconds);
    measured.push({ perSecond, cpuUs, p99Ms, ofFloor, statuses: Object.keys(statuses).join(' ') });
  }
  await floor.stop();
  return medianOf(measured);
}

/** The floor is the ledger's: a transfer as an ordinary program would write it, without anything around it. */
async function cyclesInTurns(
  api: ApiProcess,
  floor: Floor,
  forSeconds: number,
  rounds: number,
): Promise<Measured> {
  const measureFloor = hasPgbench() ? floorWithPgbench : floorWithNode;
  const load: CycleLoad = { baseUrl: api.baseUrl, lanes: 32, seconds: forSeconds, agents: AGENTS };
  await run<CycleResult>('market/cycle.js', { ...load, seconds: WARM_UP_SECONDS });
  const measured: Measured[] = [];
  for (let round = 0; round < rounds; round++) {
    const bare = await measureFloor(floor, forSeconds, false);
    const before = cpuSecondsOf(api.pid) ?? Number.NaN;
    const { cycles, seconds, p99Ms } = await run<CycleResult>('market/cycle.js', load);
    const cpuUs = (((cpuSecondsOf(api.pid) ?? Number.NaN) - before) * 1e6) / cycles;
    const perSecond = cycles / seconds;
    const ofFloor = (REQUESTS_OF_A_CYCLE * perSecond) / bare.perSecond;
    measured.push({ perSecond, cpuUs, p99Ms, ofFloor, statuses: '' });
  }
  return medianOf(measured);
}

function medianOf(measured: readonly Measured[]): Measured {
  const middle = (figure: (one: Measured) => number): number => median(measured.map(figure));
  return {
    perSecond: middle(({ perSecond }) => perSecond),
    cpuUs: middle(({ cpuUs }) => cpuUs),
    p99Ms: middle(({ p99Ms }) => p99Ms),
    ofFloor: middle(({ ofFloor }) => ofFloor),
    statuses: measured[0]!.statuses,
  };
}

function print({ name, perSecondBar, target }: Case, measured: Measured): void {
  const { perSecond, cpuUs, p99Ms, ofFloor, statuses } = measured;
  const isRead = target !== '';
  const figures = [
    `${perSecond.toFixed(0)} (${perSecondBar})`.padStart(14),
    `${(100 * ofFloor).toFixed(0)} %`.padStart(10),
    `${cpuUs.toFixed(0)}${isRead ? ` (${CPU_US_BAR})` : ''}`.padStart(14),
    `${p99Ms.toFixed(0)}${isRead ? ` (${P99_MS_BAR})` : ''}`.padStart(14),
  ];
  console.log(`${name.padEnd(38)} ${figures.join(' ')}   ${statuses}`);
}

async function fill(superuser: pg.Client, tasks: number): Promise<void> {
  const agents = knownAgents(AGENTS);
  const { rowCount } = await superuser.query('SELECT FROM agents WHERE id = $1', [agents[0]!.id]);
  if (rowCount === 0) await insertAgents(superuser, agents, 1_000_000);
  const [there] = (await superuser.query<{ count: string }>('SELECT count(*) FROM tasks')).rows;
  if (Number(there!.count) >= tasks) return;
  await insertTasks(
    superuser,
    agents.map(({ id }) => id),
    tasks,
  );
}

await main();
