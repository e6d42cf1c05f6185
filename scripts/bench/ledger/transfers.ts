import path from 'node:path';
import { ServerProcess } from '../server-process.js';
import { AGENTS, type Arena } from './arena.js';
import { floorWithNode } from './floor-client.js';
import { floorWithPgbench } from './floor-pgbench.js';
import { FLOOR_CLIENTS, hasPgbench, layFloor } from './floor.js';
import { type Measured, measureProduct, type Refusal, USED_KEY } from './load.js';
import { bar, type Row } from './table.js';
import { knownAgent } from '../many-agents.js';

export interface Rounds {
  rounds: number;
  seconds: number;
}

/** Floor and product in turn on one machine, so that whatever else it does meanwhile hurts both. */
export async function benchTransfers(arena: Arena, { rounds, seconds }: Rounds): Promise<Row[]> {
  await layFloor(arena.superuser, AGENTS);
  const measureFloor = hasPgbench() ? floorWithPgbench : floorWithNode;
  const floor = { url: arena.superuserUrl, agents: AGENTS, folder: arena.home };
  const product = (connections: number, hot: boolean, forSeconds = seconds): Promise<Measured> =>
    measureProduct(
      {
        baseUrl: arena.api.baseUrl,
        connections,
        seconds: forSeconds,
        agents: AGENTS,
        ...(hot && { hotPayee: knownAgent(AGENTS - 1).id }),
      },
      arena.api.pid,
    );
  await useKeys(arena);
  const refused = (why: Refusal): Promise<Measured> =>
    measureProduct(
      { baseUrl: arena.api.baseUrl, connections: 256, seconds, agents: AGENTS, refused: why },
      arena.api.pid,
    );
  const bare = await ServerProcess.start(
    [path.join(import.meta.dirname, '..', 'floor.js')],
    { ...process.env, NODE_ENV: 'production', BODY: RECEIPT },
    path.join(arena.home, 'bare.log'),
    /listening on (\d+)/,
  );
  const nothingDone = (): Promise<Measured> =>
    measureProduct(
      { baseUrl: `http://127.0.0.1:${bare.port}`, connections: 256, seconds, agents: AGENTS },
      bare.pid,
    );
  await product(64, false, 3);
  const runs: readonly [name: string, run: () => Promise<Measured>][] = [
    ['floor', () => measureFloor(floor, seconds, false)],
    ['at 64', () => product(64, false)],
    ['at 256', () => product(256, false)],
    ['too dear', () => refused('balance')],
    ['used key', () => refused('key')],
    ['bare', nothingDone],
    ['hot floor', () => measureFloor(floor, seconds, true)],
    ['hot at 256', () => product(256, true)],
  ];
  const seen = new Map<string, Measured[]>(runs.map(([name]) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const [name, run] of runs) {
      const measured = await run();
      seen.get(name)!.push(measured);
      console.log(`  round ${round}  ${name.padEnd(10)} ${measured.perSecond.toFixed(0)}/s`);
    }
  }
  await bare.stop();
  const of = (name: string): Measured => medianOf(seen.get(name)!);
  return [
    { what: `floor, ${FLOOR_CLIENTS} clients`, ...of('floor') },
    compared('transfer, 64 connections', of('at 64'), of('floor'), 1.5),
    compared('transfer, 256 connections', of('at 256'), of('floor'), 2),
    bar('  p99 at 256', of('at 256').p99Ms!, 150, 'ms'),
    refusal('too little there, 256', of('too dear'), of('at 256')),
    refusal('key of another deed, 256', of('used key'), of('at 256')),
    // How far HTTP alone can get on this machine: a bar above it could not be met by anyone.
    compared('bare Express, the same requests, 256', of('bare'), of('floor')),
    { what: `floor, one hot account`, ...of('hot floor') },
    compared('transfer, one hot account, 256', of('hot at 256'), of('hot floor'), 4),
  ];
}

/** Each payer has answered for something else under one key. */
async function useKeys({ superuser }: Arena): Promise<void> {
  await superuser.query(
    `INSERT INTO idempotency_keys (caller, key_hash, request_hash, answer, created_at)
     SELECT id, sha256($1), sha256('another'), '{}', now() FROM agents ON CONFLICT DO NOTHING`,
    [Buffer.from(USED_KEY)],
  );
}

/** Whoever asks for what cannot be had must not cost more than whoever pays. */
function refusal(what: string, refused: Measured, good: Measured): Row {
  const ratio = good.perSecond / refused.perSecond;
  return { what: `refused: ${what}`, ...refused, ratio, bar: '≤ 1.25 ×', holds: ratio <= 1.25 };
}

function compared(what: string, product: Measured, floor: Measured, atLeast?: number): Row {
  const ratio = product.perSecond / floor.perSecond;
  if (atLeast === undefined) return { what, ...product, ratio };
  return { what, ...product, ratio, bar: `≥ ${atLeast} ×`, holds: ratio >= atLeast };
}

/** An answer as long as that of a transfer. */
const RECEIPT = JSON.stringify({
  movement_id: '1234567',
  from_agent_id: 'agt_7f3a9b2c',
  to_agent_id: 'agt_9c4d8e1f',
  amount: 0.01,
  currency: 'points',
  memo: null,
  balance: 999_999.99,
  created_at: '2026-03-12T09:00:00.000Z',
});

/** Each figure by itself: one disturbed round must not decide. */
function medianOf(rounds: readonly Measured[]): Measured {
  const median = (figure: (measured: Measured) => number | undefined): number | undefined => {
    const sorted = rounds
      .map(figure)
      .filter((value) => value !== undefined)
      .toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  };
  return {
    perSecond: median(({ perSecond }) => perSecond)!,
    p99Ms: median(({ p99Ms }) => p99Ms),
    cpuUs: median(({ cpuUs }) => cpuUs),
  };
}
