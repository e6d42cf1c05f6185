import { mkdirSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { migrate } from '#platform/database';
import { startEmbeddedPostgres } from '#platform/embedded-postgres';
import { cpuSecondsOf, freePort, startApi } from './api-process.js';
import type { Load, LoadResult } from './load.js';
import { KNOWN_SECRETS } from './many-agents.js';
import { median, run, startFloor } from './measuring.js';
import { insertMarket } from './web/many-days.js';

const HOME = path.resolve('.data/bench-web');
const FLOOR = 'bare Express, a page of the same size';
/** What is kept for two seconds, as it costs the first who asks. */
const ANEW = ', made anew';

/**
 * What a page costs, packed as browsers take it, also when it is not the one that was kept, beside a bare Express
 * handler that answers as many bytes, in turn on the same machine in the same run: `npm run bench:web`. The market has
 * so many tasks and agents, and its limits are off.
 *   --tasks 100000  --agents 10000  --seconds 4  --connections 16  --rounds 3
 *   --only <part of a name>
 *   --node           options for the program's Node, such as --node=--cpu-prof
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      tasks: { type: 'string', default: '100000' },
      agents: { type: 'string', default: '10000' },
      seconds: { type: 'string', default: '4' },
      connections: { type: 'string', default: '16' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string', default: '' },
      node: { type: 'string', multiple: true },
    },
  });
  mkdirSync(HOME, { recursive: true });
  const server = await startEmbeddedPostgres({ home: HOME });
  const superuser = new pg.Client({ connectionString: server.url('superuser') });
  // React says more about mistakes, and takes thrice as long, where it is not production.
  const env = {
    ...KNOWN_SECRETS,
    ENCRYPTION_KEY: 'for benchmarks and proofs alone, all of it',
    SIGNING_KEY: 'for benchmarks and proofs alone, all of it',
    DATABASE_URL: server.url('app'),
    DATABASE_OWNER_URL: server.url('owner'),
    NODE_ENV: 'production',
    RATE_LIMIT_FACTOR: '0',
    // Pages alone: a worker would draw validators for the market that was filled in, and its work be taken for theirs.
    ROLE: 'api',
  };
  await migrate(server.url('owner'), server.url('app'), []);
  await superuser.connect();
  // Before the program starts, which would take up and count what it finds half filled in.
  await fill(superuser, { agents: Number(values.agents), tasks: Number(values.tasks) });
  const api = await startApi({ home: HOME, port: await freePort(), env, nodeOptions: values.node ?? [] });
  try {
    const page = await (await fetch(`${api.baseUrl}/tasks`)).text();
    const floor = await startFloor(JSON.stringify({ page }), HOME);
    const cases = [
      { name: FLOOR, url: `http://127.0.0.1:${floor.port}/`, cpuMs: () => floor.cpuMs() ?? Number.NaN },
      ...Object.entries(PAGES)
        .filter(([name]) => name.includes(values.only))
        .map(([name, target]) => ({
          name,
          url: api.baseUrl + target,
          cpuMs: () => (cpuSecondsOf(api.pid) ?? Number.NaN) * 1_000,
        })),
    ].map((each) => ({ ...each, rounds: [] as Round[] }));
    const numbers = { seconds: Number(values.seconds), connections: Number(values.connections) };
    for (const one of cases) await measure(one, { ...numbers, seconds: 1 });
    for (let round = 1; round <= Number(values.rounds); round++) {
      for (const one of cases) one.rounds.push(await measure(one, numbers));
      console.log(`round ${round} of ${values.rounds} done, load ${loadavg()[0]!.toFixed(1)}`);
    }
    print(cases);
    await floor.stop();
  } finally {
    await api.end('SIGTERM');
    await superuser.end();
    await server.stop();
  }
}

const PAGES: Readonly<Record<string, string>> = {
  'the landing page': '/',
  [`the landing page${ANEW}`]: '/',
  'the board': '/tasks',
  'the board, open ones of a category': '/tasks?status=open&category=content&sort=price',
  'the board, words of many': '/tasks?q=protocol',
  'a task that is done': '/tasks/tsk_00000fff',
  agents: '/agents?board=earnings&period=30d',
  'an agent': '/agents/agt_b0000042',
  'the economy': '/stats',
  [`the economy${ANEW}`]: '/stats',
  'the guide': '/docs/guide',
  'GET /public/stats': '/public/stats',
  'GET /public/feed': '/public/feed',
  'GET /public/leaderboard': '/public/leaderboard?sort=earnings&period=30d',
  'GET /public/search': '/public/search?q=protocol',
};

interface Round {
  perSecond: number;
  cpuMs: number;
  p99Ms: number;
  statuses: string;
}

interface Case {
  name: string;
  url: string;
  cpuMs: () => number;
  rounds: Round[];
}

async function measure(one: Case, numbers: { seconds: number; connections: number }): Promise<Round> {
  const freshHosts = one.name.endsWith(ANEW);
  const load: Load = { ...numbers, url: one.url, authorizations: [], acceptEncoding: 'gzip', freshHosts };
  const before = one.cpuMs();
  const { requests, seconds, p99Ms, statuses } = await run<LoadResult>('load.js', load);
  const after = one.cpuMs();
  return {
    perSecond: requests / seconds,
    cpuMs: (after - before) / requests,
    p99Ms,
    statuses: Object.keys(statuses).join(' '),
  };
}

/** The median of each figure; ratios are taken within a round, whose cases saw the same machine. */
function print(cases: readonly Case[]): void {
  const [floor] = cases;
  console.log(`\n${'median of the rounds'.padEnd(42)} a second   CPU ms   × floor   p99 ms   statuses`);
  for (const { name, rounds } of cases) {
    const ratios = rounds.map(({ cpuMs }, i) => cpuMs / floor!.rounds[i]!.cpuMs);
    const figures = [
      median(rounds.map(({ perSecond }) => perSecond))
        .toFixed(0)
        .padStart(8),
      median(rounds.map(({ cpuMs }) => cpuMs))
        .toFixed(2)
        .padStart(8),
      median(ratios).toFixed(1).padStart(9),
      median(rounds.map(({ p99Ms }) => p99Ms))
        .toFixed(0)
        .padStart(8),
    ];
    console.log(`${name.padEnd(42)} ${figures.join(' ')}   ${rounds[0]!.statuses}`);
  }
}

async function fill(superuser: pg.Client, size: { agents: number; tasks: number }): Promise<void> {
  const { rows } = await superuser.query<{ count: string }>('SELECT count(*) FROM tasks');
  if (Number(rows[0]!.count) === 0) await insertMarket(superuser, { ...size, now: new Date() });
}

await main();
