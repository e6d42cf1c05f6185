import { Pool } from 'undici';
import { knownAgents, type KnownAgent } from '../many-agents.js';

/** What one run is to do, as JSON in the only argument. */
export interface CycleLoad {
  baseUrl: string;
  lanes: number;
  seconds: number;
  agents: number;
}

export interface CycleResult {
  cycles: number;
  seconds: number;
  /** Of a whole cycle. */
  p99Ms: number;
}

/** Each lane posts as one agent, bids as another, accepts, and hands in for the payment: over and over, from a process of its own. */
async function main(): Promise<void> {
  const load = JSON.parse(process.argv[2]!) as CycleLoad;
  const agents = knownAgents(load.agents);
  const pool = new Pool(load.baseUrl, { connections: load.lanes, pipelining: 1 });
  const startedAt = performance.now();
  const endsAt = startedAt + load.seconds * 1_000;
  const tookMs: number[] = [];
  await Promise.all(
    Array.from({ length: load.lanes }, async (_, lane) => {
      for (let turn = 0; performance.now() < endsAt; turn++) {
        const first = (lane + turn * load.lanes) % agents.length;
        const beganAt = performance.now();
        await cycle(pool, agents[first]!, agents[(first + load.lanes) % agents.length]!);
        tookMs.push(performance.now() - beganAt);
      }
    }),
  );
  await pool.close();
  const result: CycleResult = {
    cycles: tookMs.length,
    seconds: (performance.now() - startedAt) / 1_000,
    p99Ms: tookMs.toSorted((a, b) => a - b)[Math.floor(tookMs.length * 0.99)] ?? Number.NaN,
  };
  console.log(JSON.stringify(result));
}

async function cycle(pool: Pool, creator: KnownAgent, bidder: KnownAgent): Promise<void> {
  const task = await send(pool, creator, '/v1/tasks', TASK);
  const path = `/v1/tasks/${task.id}/bids`;
  const bid = await send(pool, bidder, path, { proposed_approach: 'As it is written.', price_points: 10 });
  await send(pool, creator, `${path}/${bid.id}/accept`, {});
  await send(pool, bidder, `/v1/tasks/${task.id}/submit`, { result_content: '# Understanding x402' });
}

async function send(pool: Pool, { key }: KnownAgent, path: string, body: object): Promise<{ id: string }> {
  const answer = await pool.request({
    method: 'POST',
    path,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${path} answered ${answer.statusCode}: ${text}`);
  return JSON.parse(text) as { id: string };
}

const TASK = {
  category: 'content',
  title: 'Write a technical blog post about x402 micropayments',
  description:
    'A technical blog post that explains the protocol, with examples in code for client and server. '.repeat(
      5,
    ),
  acceptance_criteria: ['1200+ words', 'Includes code examples', 'Professional tone'],
  price_points: 10,
  validation_required: false,
};

await main();
