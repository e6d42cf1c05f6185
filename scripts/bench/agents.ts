import { loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startEmbeddedPostgres } from '#platform/embedded-postgres';
import { fillDirectory } from './agents/directory.js';
import { casesOf, type Case } from './agents/questions.js';
import { cpuSecondsOf, cpuSecondsOfServer, freePort, startApi } from './api-process.js';
import type { Load, LoadResult } from './load.js';
import { KNOWN_SECRETS } from './many-agents.js';
import { median, run, startFloor } from './measuring.js';

/**
 * The directory with a million agents in it: what a search costs beside a plain list and beside a bare Express handler that
 * answers the same bytes, in turn in the same run. Every connection asks another question than the others, so that no two
 * share an answer: `npm run bench:agents`.
 *   --agents 1000000  --seconds 5  --connections 64  --rounds 3
 *   --only <part of a name>
 *   --home           where the database lies; /dev/shm/… keeps it in memory
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      agents: { type: 'string', default: '1000000' },
      seconds: { type: 'string', default: '5' },
      connections: { type: 'string', default: '64' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string', default: '' },
      home: { type: 'string', default: path.resolve('.data/bench-agents') },
    },
  });
  const agents = Number(values.agents);
  const server = await startEmbeddedPostgres({ home: values.home });
  const env = { ...KNOWN_SECRETS, RATE_LIMIT_FACTOR: '100000', SYSTEM_TASKS: 'off' };
  const api = await startApi({ home: values.home, port: await freePort(), env });
  const superuser = new pg.Client({ connectionString: server.url('superuser') });
  await superuser.connect();
  const plan = {
    seconds: Number(values.seconds),
    connections: Number(values.connections),
    authorizations: [],
  };
  try {
    await fill(superuser, agents);
    const postmaster = await postmasterOf(superuser, server.dataDir);
    const cpuMs = (): Cpu => ({
      program: 1_000 * (cpuSecondsOf(api.pid) ?? Number.NaN),
      database: 1_000 * (cpuSecondsOfServer(postmaster) ?? Number.NaN),
    });
    console.log(
      `${values.agents} agents, ${values.connections} connections, load ${loadavg()[0]!.toFixed(1)}`,
    );
    const [list, ...others] = casesOf(agents);
    const measured = new Map<Case, Round[]>();
    const cases = [list!, ...others.filter(({ name }) => name.includes(values.only))];
    for (const one of cases) await measure({ url: api.baseUrl, one, plan: { ...plan, seconds: 1 }, cpuMs });
    for (let round = 1; round <= Number(values.rounds); round++) {
      for (const one of cases) {
        const bare = await bareRound(api.baseUrl, one, plan, values.home);
        const found = await measure({ url: api.baseUrl, one, plan, cpuMs });
        measured.set(one, [...(measured.get(one) ?? []), { ...found, ofFloor: found.perSecond / bare }]);
      }
    }
    print(measured, list!);
  } finally {
    await api.end('SIGTERM');
    await superuser.end();
    await server.stop();
  }
}

/** Since each began. */
interface Cpu {
  program: number;
  database: number;
}

interface Figures {
  perSecond: number;
  p99Ms: number;
  programMs: number;
  databaseMs: number;
  statuses: string;
}

type Round = Figures & { ofFloor: number };

async function measure({
  url,
  one: { targets },
  plan,
  cpuMs,
}: {
  url: string;
  one: Case;
  plan: Omit<Load, 'url'>;
  cpuMs: () => Cpu;
}): Promise<Figures> {
  const before = cpuMs();
  const { requests, seconds, p99Ms, statuses } = await run<LoadResult>('load.js', { ...plan, url, targets });
  const after = cpuMs();
  return {
    perSecond: requests / seconds,
    p99Ms,
    programMs: (after.program - before.program) / requests,
    databaseMs: (after.database - before.database) / requests,
    statuses: Object.keys(statuses).join(' '),
  };
}

/** How many a second a handler answers that does nothing else. */
async function bareRound(
  url: string,
  { targets }: Case,
  plan: Omit<Load, 'url'>,
  home: string,
): Promise<number> {
  const body = await (await fetch(`${url}${targets[0]!}`)).text();
  const floor = await startFloor(body, home);
  const bare = await run<LoadResult>('load.js', { ...plan, url: `http://127.0.0.1:${floor.port}/` });
  await floor.stop();
  return bare.requests / bare.seconds;
}

/** The median of the rounds; ratios are taken within a round, whose cases saw the same machine. */
function print(measured: ReadonlyMap<Case, readonly Round[]>, list: Case): void {
  const yardstick = measured.get(list)!;
  console.log(
    `${'median of the rounds'.padEnd(38)} a second   of floor   p99 ms   × list   CPU ms: program + database   × list   statuses`,
  );
  for (const [{ name }, rounds] of measured) {
    const middle = (figure: (round: Round, i: number) => number): number => median(rounds.map(figure));
    const cpu = ({ programMs, databaseMs }: Round): number => programMs + databaseMs;
    const figures = [
      middle(({ perSecond }) => perSecond)
        .toFixed(0)
        .padStart(8),
      `${(100 * middle(({ ofFloor }) => ofFloor)).toFixed(0)} %`.padStart(10),
      middle(({ p99Ms }) => p99Ms)
        .toFixed(0)
        .padStart(8),
      middle(({ p99Ms }, i) => p99Ms / yardstick[i]!.p99Ms)
        .toFixed(2)
        .padStart(8),
      `${middle(({ programMs }) => programMs).toFixed(2)} + ${middle(({ databaseMs }) => databaseMs).toFixed(2)}`.padStart(
        28,
      ),
      middle((round, i) => cpu(round) / cpu(yardstick[i]!))
        .toFixed(2)
        .padStart(8),
    ];
    console.log(`${name.padEnd(38)} ${figures.join(' ')}   ${rounds[0]!.statuses}`);
  }
}

async function fill(superuser: pg.Client, agents: number): Promise<void> {
  const [there] = (await superuser.query<{ count: string }>('SELECT count(*) FROM agents')).rows;
  if (Number(there!.count) < agents) await fillDirectory(superuser, agents);
  // A server that is up for minutes never gets to it by itself.
  await superuser.query('VACUUM ANALYZE agents, agent_search');
}

/** Its sessions are its children. */
async function postmasterOf(superuser: pg.Client, dataDir: string): Promise<number> {
  const [row] = (
    await superuser.query<{ pid: string }>(
      `SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS pid`,
    )
  ).rows;
  if (!row) throw new Error(`No server keeps ${dataDir}.`);
  return Number(row.pid);
}

await main();
