import { randomBytes, randomInt } from 'node:crypto';
import pg from 'pg';
import { FLOOR_CLIENTS, type Floor } from './floor.js';
import type { Measured } from './load.js';

/** The floor where pgbench is not installed: the same statements from as many connections of one Node process. */
export async function floorWithNode(floor: Floor, seconds: number, hot: boolean): Promise<Measured> {
  const endsAt = performance.now() + seconds * 1_000;
  const latencies = await Promise.all(
    Array.from({ length: FLOOR_CLIENTS }, async () => {
      const client = new pg.Client({ connectionString: floor.url, options: '-c synchronous_commit=on' });
      await client.connect();
      const took: number[] = [];
      while (performance.now() < endsAt) {
        const begunAt = performance.now();
        await transfer(client, floor.agents, hot);
        took.push(performance.now() - begunAt);
      }
      await client.end();
      return took;
    }),
  );
  const sorted = latencies.flat().toSorted((a, b) => a - b);
  return {
    perSecond: sorted.length / seconds,
    p99Ms: sorted[Math.floor(sorted.length * 0.99)]!,
    cpuUs: undefined,
  };
}

async function transfer(client: pg.Client, agents: number, hot: boolean): Promise<void> {
  const from = randomInt(2, agents + 1);
  const [payer, payee] = [idOf(from), idOf(hot ? 1 : 1 + ((from + randomInt(1, agents) - 1) % agents))];
  await client.query('BEGIN');
  await run(
    client,
    'lock',
    `SELECT balance, debt, may_receive FROM floor.accounts
    WHERE currency = 'points' AND id IN ($1, $2) ORDER BY id FOR NO KEY UPDATE`,
    [payer, payee],
  );
  const paid = await run(
    client,
    'take',
    `UPDATE floor.accounts SET balance = balance - 0.01,
    spent_total = spent_total + 0.01 WHERE id = $1 AND currency = 'points' RETURNING balance`,
    [payer],
  );
  const got = await run(
    client,
    'give',
    `UPDATE floor.accounts SET balance = balance + 0.01
    WHERE id = $1 AND currency = 'points' RETURNING balance`,
    [payee],
  );
  const movement = await run(
    client,
    'movement',
    `INSERT INTO floor.movements (id, natural_key, type, at)
    VALUES (nextval('floor.ledger_id_seq'), $1, 'p2p_transfer', now()) RETURNING id`,
    [randomBytes(32)],
  );
  const [before, after, id] = [paid['balance'], got['balance'], movement['id']];
  await run(
    client,
    'legs',
    `INSERT INTO floor.transactions (id, movement_id, from_agent_id, to_agent_id, amount,
      balance_after, currency, type, created_at)
    VALUES ($1, $1, $2, $3, -0.01, $4, 'points', 'p2p_transfer', now()),
      ($1 + 1, $1, $2, $3, 0.01, $5, 'points', 'p2p_transfer', now())`,
    [id, payer, payee, before, after],
  );
  await run(
    client,
    'key',
    `INSERT INTO floor.idempotency_keys (caller, key_hash, request_hash, movement_id, created_at)
    VALUES ($1, $2, $3, $4, now())`,
    [payer, randomBytes(32), randomBytes(32), id],
  );
  await run(
    client,
    'events',
    `INSERT INTO floor.outbox (id, name, subject, audience, data, at)
    VALUES ('evt_' || gen_random_uuid(), 'points.sent', $1, ARRAY[$1],
        jsonb_build_object('movement_id', $3::bigint, 'amount', 0.01, 'balance', $4::numeric), now()),
      ('evt_' || gen_random_uuid(), 'points.received', $2, ARRAY[$2],
        jsonb_build_object('movement_id', $3::bigint, 'amount', 0.01, 'balance', $5::numeric), now())`,
    [payer, payee, id, before, after],
  );
  await client.query('COMMIT');
}

async function run(
  client: pg.Client,
  name: string,
  text: string,
  values: unknown[],
): Promise<Record<string, unknown>> {
  const { rows } = await client.query<Record<string, unknown>>({ name, text, values });
  return rows[0] ?? {};
}

const idOf = (number: number): string => `agt_${String(number).padStart(8, '0')}`;
