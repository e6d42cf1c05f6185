import { execFile } from 'node:child_process';
import { loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.js';
import { cpuSecondsOf, freePort, startApi, type ApiProcess } from './api-process.js';
import type { Load, LoadResult } from './load.js';
import { insertAgents, KNOWN_SECRETS, knownAgents } from './many-agents.js';
import type { CycleLoad, CycleResult } from './market/cycle.js';
import { insertTasks } from './market/many-tasks.js';

const AGENTS = 2_000;
const HOME = path.resolve('.data/bench-market');

/**
 * The board with many tasks on it: what a page, a search and a task cost, and how many tasks a second are posted, bid on
 * and accepted: `npm run bench:market`.
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
  try {
    await fill(superuser, Number(values.tasks));
    const numbers = { seconds: Number(values.seconds), connections: Number(values.connections) };
    console.log(`${values.tasks} tasks, load ${loadavg()[0]!.toFixed(1)}`);
    console.log(`${'best of the rounds'.padEnd(46)} a second   CPU µs   p99 ms   statuses`);
    for (const [name, target] of Object.entries(READS).filter(([name]) => name.includes(values.only))) {
      const url = `http://127.0.0.1:${new URL(api.baseUrl).port}${target}`;
      await read(api, { ...numbers, url, seconds: 1, authorizations: [] });
      const rounds = [];
      for (let round = 0; round < Number(values.rounds); round++)
        rounds.push(await read(api, { ...numbers, url, authorizations: [] }));
      print(name, rounds.toSorted((a, b) => b.perSecond - a.perSecond)[0]!);
    }
    if ('cycle'.includes(values.only)) {
      for (let round = 0; round < Number(values.rounds); round++) {
        const { cycles, seconds } = await run<CycleResult>('market/cycle.js', {
          baseUrl: api.baseUrl,
          lanes: 32,
          seconds: numbers.seconds,
          agents: AGENTS,
        } satisfies CycleLoad);
        console.log(`${'post, bid, accept'.padEnd(46)} ${(cycles / seconds).toFixed(0).padStart(8)}`);
      }
    }
  } finally {
    await api.end('SIGTERM');
    await superuser.end();
    await server.stop();
  }
}

const READS: Readonly<Record<string, string>> = {
  'the newest': '/v1/tasks',
  'open ones': '/v1/tasks?status=open',
  'open ones of a category': '/v1/tasks?status=open&category=content',
  'done ones of a category, the dearest': '/v1/tasks?status=completed&category=video&sort=price',
  'open ones that pay 500 and more': '/v1/tasks?status=open&min_price=500&sort=deadline',
  'search: a word of few': '/v1/tasks?q=subject4711',
  'search: words of many': '/v1/tasks?q=blog%20post%20protocol',
  'search: a word of most': '/v1/tasks?q=ledger',
  'search: a word of most, open ones': '/v1/tasks?q=ledger&status=open',
  'one task': '/v1/tasks/tsk_00000fff',
};

interface Measured {
  perSecond: number;
  cpuUs: number;
  p99Ms: number;
  statuses: string;
}

async function read(api: ApiProcess, load: Load): Promise<Measured> {
  const before = cpuSecondsOf(api.pid) ?? Number.NaN;
  const { requests, seconds, p99Ms, statuses } = await run<LoadResult>('load.js', load);
  const cpuUs = (((cpuSecondsOf(api.pid) ?? Number.NaN) - before) * 1e6) / requests;
  return { perSecond: requests / seconds, cpuUs, p99Ms, statuses: Object.keys(statuses).join(' ') };
}

const print = (name: string, { perSecond, cpuUs, p99Ms, statuses }: Measured): void =>
  console.log(
    `${name.padEnd(46)} ${perSecond.toFixed(0).padStart(8)} ${cpuUs.toFixed(0).padStart(8)} ${p99Ms.toFixed(0).padStart(8)}   ${statuses}`,
  );

async function run<Result>(program: string, load: object): Promise<Result> {
  const file = path.join(import.meta.dirname, program);
  const { stdout } = await promisify(execFile)(process.execPath, [file, JSON.stringify(load)]);
  return JSON.parse(stdout) as Result;
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
