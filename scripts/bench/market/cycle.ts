import { Lane } from '../lane.js';
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
  const lanes = await Promise.all(Array.from({ length: load.lanes }, () => Lane.to(load.baseUrl)));
  const startedAt = performance.now();
  const endsAt = startedAt + load.seconds * 1_000;
  const tookMs: number[] = [];
  await Promise.all(
    lanes.map(async (lane, which) => {
      for (let turn = 0; performance.now() < endsAt; turn++) {
        const first = (which + turn * load.lanes) % agents.length;
        const beganAt = performance.now();
        await cycle(lane, agents[first]!, agents[(first + load.lanes) % agents.length]!);
        tookMs.push(performance.now() - beganAt);
      }
    }),
  );
  for (const lane of lanes) lane.close();
  const result: CycleResult = {
    cycles: tookMs.length,
    seconds: (performance.now() - startedAt) / 1_000,
    p99Ms: tookMs.toSorted((a, b) => a - b)[Math.floor(tookMs.length * 0.99)] ?? Number.NaN,
  };
  console.log(JSON.stringify(result));
}

async function cycle(lane: Lane, creator: KnownAgent, bidder: KnownAgent): Promise<void> {
  const task = await send(lane, creator, '/v1/tasks', TASK);
  const path = `/v1/tasks/${task.id}/bids`;
  const bid = await send(lane, bidder, path, { proposed_approach: 'As it is written.', price_points: 10 });
  await send(lane, creator, `${path}/${bid.id}/accept`, {});
  await send(lane, bidder, `/v1/tasks/${task.id}/submit`, { result_content: '# Understanding x402' });
}

async function send(lane: Lane, { key }: KnownAgent, path: string, body: object): Promise<{ id: string }> {
  const headers = `authorization: Bearer ${key}\r\ncontent-type: application/json\r\n`;
  const answer = await lane.send('POST', path, headers, JSON.stringify(body));
  const text = answer.body.toString();
  if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${text}`);
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
