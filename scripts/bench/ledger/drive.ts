import { randomInt } from 'node:crypto';
import autocannon, { type Request } from 'autocannon';
import { knownAgents } from '../many-agents.js';
import type { Load, LoadResult } from './load.js';

/** The child process of `drive`: the load comes as an argument, the result goes to standard output. */
async function main(): Promise<void> {
  const load = JSON.parse(process.argv[2]!) as Load;
  const agents = knownAgents(load.agents);
  // The last one only receives: it may be the hot account.
  const payers = agents.length - 1;
  let nextPayer = randomInt(payers);
  const result = await autocannon({
    url: load.baseUrl,
    connections: load.connections,
    duration: load.seconds,
    ...(load.rate !== undefined && { overallRate: load.rate }),
    setupClient: (client) => client.setRequests([transferFrom(nextPayer++ % payers)]),
  });
  const { errors, non2xx, latency, duration } = result;
  const answer: LoadResult = {
    seconds: duration,
    done: result['2xx'],
    failed: errors + non2xx,
    p50Ms: latency.p50,
    p99Ms: latency.p99,
    maxMs: latency.max,
  };
  console.log(JSON.stringify(answer));

  function transferFrom(payer: number): Request {
    const prefix = `${process.pid}-${payer}-${Date.now()}-`;
    let count = 0;
    return {
      method: 'POST',
      path: '/v1/points/transfer',
      headers: { authorization: `Bearer ${agents[payer]!.key}`, 'content-type': 'application/json' },
      setupRequest: (request) => {
        request.headers!['idempotency-key'] = prefix + String(count++);
        request.body = `{"to_agent_id":"${payeeOf(payer)}","amount":0.01}`;
        return request;
      },
    };
  }

  function payeeOf(payer: number): string {
    if (load.hotPayee !== undefined) return load.hotPayee;
    return agents[(payer + 1 + Math.floor(Math.random() * (agents.length - 1))) % agents.length]!.id;
  }
}

await main();
