import { randomInt } from 'node:crypto';
import { driveLanes } from '../lanes.js';
import { knownAgents } from '../many-agents.js';
import { type Load, type LoadResult, USED_KEY } from './load.js';

/** The child process of `drive`: the load comes as an argument, the result goes to standard output. */
async function main(): Promise<void> {
  const load = JSON.parse(process.argv[2]!) as Load;
  const agents = knownAgents(load.agents);
  // The last one only receives: it may be the hot account.
  const payers = agents.length - 1;
  const firstPayer = randomInt(payers);
  const run = `${process.pid}-${Date.now()}`;
  // The most that a transfer may say, and more than anybody has.
  const amount = load.refused === 'balance' ? '1000000000' : '0.01';
  const nextKey = (): string => (load.refused === 'key' ? USED_KEY : `${run}-${count++}`);
  let count = 0;
  const result: LoadResult = await driveLanes({ ...load, url: load.baseUrl }, (lane, which) => {
    const payer = (firstPayer + which) % payers;
    return lane.send(
      'POST',
      '/v1/points/transfer',
      `authorization: Bearer ${agents[payer]!.key}\r\ncontent-type: application/json\r\nidempotency-key: ${nextKey()}\r\n`,
      `{"to_agent_id":"${payeeOf(payer)}","amount":${amount}}`,
    );
  });
  console.log(JSON.stringify(result));

  function payeeOf(payer: number): string {
    if (load.hotPayee !== undefined) return load.hotPayee;
    return agents[(payer + 1 + Math.floor(Math.random() * (agents.length - 1))) % agents.length]!.id;
  }
}

await main();
