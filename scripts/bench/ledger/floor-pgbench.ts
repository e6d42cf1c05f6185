import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { FLOOR_CLIENTS, type Floor } from './floor.js';
import type { Measured } from './load.js';

/** The floor itself: PostgreSQL's own benchmark. */
export async function floorWithPgbench(floor: Floor, seconds: number, hot: boolean): Promise<Measured> {
  const file = path.join(floor.folder, 'floor.sql');
  writeFileSync(file, hot ? script('1') : script('1 + (:payer + :step - 1) % :agents'));
  const args = ['-n', '-M', 'prepared', '-c', String(FLOOR_CLIENTS), '-j', '2', '-T', String(seconds)];
  const { stdout } = await promisify(execFile)(
    'pgbench',
    [...args, '-D', `agents=${floor.agents}`, '-f', file, floor.url],
    { env: { ...process.env, PGOPTIONS: '-c synchronous_commit=on' } },
  );
  const perSecond = Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]);
  if (!(perSecond > 0)) throw new Error(`pgbench said something else than expected:\n${stdout}`);
  return { perSecond, p99Ms: undefined, cpuUs: undefined };
}

/** The transfer as an ordinary program would write it: a statement for each table, one after the other. */
const script = (payee: string): string => `
\\set payer random(2, :agents)
\\set step random(1, :agents - 1)
\\set payee ${payee}
BEGIN;
SELECT balance, debt, may_receive FROM floor.accounts WHERE currency = 'points'
  AND id IN ('agt_' || lpad((:payer)::text, 8, '0'), 'agt_' || lpad((:payee)::text, 8, '0'))
  ORDER BY id FOR NO KEY UPDATE;
UPDATE floor.accounts SET balance = balance - 0.01, spent_total = spent_total + 0.01
  WHERE id = 'agt_' || lpad((:payer)::text, 8, '0') AND currency = 'points'
  RETURNING id AS id, balance AS balance \\gset payer_
UPDATE floor.accounts SET balance = balance + 0.01
  WHERE id = 'agt_' || lpad((:payee)::text, 8, '0') AND currency = 'points'
  RETURNING id AS id, balance AS balance \\gset payee_
INSERT INTO floor.movements (id, natural_key, type, at)
  VALUES (nextval('floor.ledger_id_seq'), sha256(uuid_send(gen_random_uuid())), 'p2p_transfer', now())
  RETURNING id AS id \\gset movement_
INSERT INTO floor.transactions (id, movement_id, from_agent_id, to_agent_id, amount, balance_after, currency, type,
    created_at)
  VALUES (:movement_id::bigint, :movement_id::bigint, :payer_id, :payee_id, -0.01, :payer_balance::numeric, 'points', 'p2p_transfer', now()),
    (:movement_id::bigint + 1, :movement_id::bigint, :payer_id, :payee_id, 0.01, :payee_balance::numeric, 'points', 'p2p_transfer', now());
INSERT INTO floor.idempotency_keys (caller, key_hash, request_hash, movement_id, created_at)
  VALUES (:payer_id, sha256(uuid_send(gen_random_uuid())), sha256(uuid_send(gen_random_uuid())), :movement_id, now());
INSERT INTO floor.outbox (id, name, subject, audience, data, at)
  VALUES ('evt_' || gen_random_uuid(), 'points.sent', :payer_id, ARRAY[:payer_id::text],
      jsonb_build_object('movement_id', :movement_id::bigint, 'amount', 0.01, 'balance', :payer_balance::numeric), now()),
    ('evt_' || gen_random_uuid(), 'points.received', :payee_id, ARRAY[:payee_id::text],
      jsonb_build_object('movement_id', :movement_id::bigint, 'amount', 0.01, 'balance', :payee_balance::numeric), now());
COMMIT;
`;
