import { mkdirSync, mkdtempSync, chmodSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Load, LoadResult } from './load.js';
import { median, run, startFloor } from './measuring.js';
import { ServerProcess } from './server-process.js';

/**
 * What a request costs: the product as built with everything on, beside a bare Express handler that answers a body
 * of the same size, in turn on the same machine in the same run. Only the ratios say something; the limits are off.
 *   --rounds 3  --seconds 4  --connections 50
 *   --only <part of a name>      measures that beside the floor
 *   --profile <folder>           writes a CPU profile of the product there
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '4' },
      connections: { type: 'string', default: '50' },
      only: { type: 'string', default: '' },
      profile: { type: 'string' },
    },
  });
  const home = path.resolve(process.env['DATA_DIR'] ?? '.data');
  mkdirSync(home, { recursive: true });
  const folder = mkdtempSync(path.join(home, 'bench-'));
  chmodSync(folder, 0o755);
  const product = await startProduct(folder, values.profile);
  try {
    const keys = await registerAgents(product.port, AGENTS);
    const body = await bodyOf(product.port, keys[0]!.key);
    const floor = await startFloor(body, folder);
    const cases = casesOf(floor, product, keys).filter(
      ({ name }) => name === FLOOR || name.includes(values.only),
    );
    const numbers = { seconds: Number(values.seconds), connections: Number(values.connections) };
    for (const one of cases) await measure(one, { ...numbers, seconds: WARM_UP_S });
    for (let round = 1; round <= Number(values.rounds); round++) {
      for (const one of cases) one.rounds.push(await measure(one, numbers));
      console.log(`round ${round} of ${values.rounds} done`);
    }
    await floor.stop();
    print(cases);
  } finally {
    await product.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const AGENTS = 50;
const WARM_UP_S = 2;
const FLOOR = 'bare Express';

interface Case {
  name: string;
  server: ServerProcess;
  target: string;
  authorizations: readonly string[];
  freshKeysOf?: string;
  rounds: Round[];
}

interface Round extends LoadResult {
  cpuUsPerRequest: number;
}

interface Agent {
  id: string;
  key: string;
}

function casesOf(floor: ServerProcess, product: ServerProcess, agents: readonly Agent[]): Case[] {
  const [first] = agents;
  const one = { server: product, authorizations: [first!.key], rounds: [] };
  const nobodys = `axe_${first!.id}_${'0'.repeat(64)}`;
  const cases: Omit<Case, 'rounds'>[] = [
    { ...one, name: FLOOR, server: floor, target: '/' },
    { ...one, name: 'GET /v1/agents/me', target: '/v1/agents/me' },
    {
      ...one,
      name: 'GET /v1/agents/me, 50 agents',
      target: '/v1/agents/me',
      authorizations: agents.map(({ key }) => key),
    },
    { ...one, name: 'GET /v1/agents/me, one wrong key', target: '/v1/agents/me', authorizations: [nobodys] },
    {
      ...one,
      name: 'GET /v1/agents/me, ever new wrong keys',
      target: '/v1/agents/me',
      freshKeysOf: first!.id,
    },
    { ...one, name: 'GET /v1/agents, 20 of them', target: '/v1/agents' },
    { ...one, name: 'GET /v1/agents/{id}', target: `/v1/agents/${first!.id}` },
  ];
  return cases.map((each) => ({ ...each, rounds: [] }));
}

async function measure(one: Case, numbers: { seconds: number; connections: number }): Promise<Round> {
  const load: Load = {
    ...numbers,
    url: `http://127.0.0.1:${one.server.port}${one.target}`,
    authorizations: one.authorizations,
    freshKeysOf: one.freshKeysOf,
  };
  const before = one.server.cpuMs();
  const result = await run<LoadResult>('load.js', load);
  const after = one.server.cpuMs();
  const cpuUsPerRequest =
    before === undefined || after === undefined ? Number.NaN : ((after - before) * 1_000) / result.requests;
  return { ...result, cpuUsPerRequest };
}

/** The median of each figure; ratios are taken within a round, whose cases saw the same machine. */
function print(cases: readonly Case[]): void {
  const [floor] = cases;
  console.log(
    `\n${'median of the rounds'.padEnd(40)} requests/s   of floor   CPU µs   × floor   p99 ms   statuses`,
  );
  for (const { name, rounds } of cases) {
    const perSecond = (round: Round): number => round.requests / round.seconds;
    const share = rounds.map((round, i) => perSecond(round) / perSecond(floor!.rounds[i]!));
    const cpu = rounds.map((round, i) => round.cpuUsPerRequest / floor!.rounds[i]!.cpuUsPerRequest);
    const figures = [
      median(rounds.map(perSecond)).toFixed(0).padStart(10),
      `${(100 * median(share)).toFixed(0)} %`.padStart(10),
      median(rounds.map((round) => round.cpuUsPerRequest))
        .toFixed(0)
        .padStart(8),
      median(cpu).toFixed(2).padStart(9),
      median(rounds.map(({ p99Ms }) => p99Ms))
        .toFixed(0)
        .padStart(8),
    ];
    console.log(`${name.padEnd(40)} ${figures.join(' ')}   ${Object.keys(rounds[0]!.statuses).join(' ')}`);
  }
}

function startProduct(folder: string, profile: string | undefined): Promise<ServerProcess> {
  const flags = profile ? ['--cpu-prof', `--cpu-prof-dir=${path.resolve(profile)}`] : [];
  const { DATABASE_URL: _, DATABASE_OWNER_URL: __, ...environment } = process.env;
  return ServerProcess.start(
    [...flags, path.resolve(import.meta.dirname, '../../src/main.js')],
    { ...environment, DATA_DIR: folder, PORT: '0', RATE_LIMIT_FACTOR: '0', LOG_FORMAT: 'json' },
    path.join(folder, 'product.log'),
    /API\s+http:\/\/[^:]+:(\d+)\/v1/,
  );
}

async function registerAgents(port: number, count: number): Promise<Agent[]> {
  const agents: Agent[] = [];
  for (let i = 0; i < count; i++) {
    const response = await fetch(`http://127.0.0.1:${port}/v1/agents/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: `Bench ${i}`, owner_twitter: `bench_${i}`, specializations: ['content'] }),
    });
    const { agent_id, api_key } = (await response.json()) as { agent_id: string; api_key: string };
    agents.push({ id: agent_id, key: api_key });
  }
  return agents;
}

async function bodyOf(port: number, key: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/agents/me`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return response.text();
}

await main();
