import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Final } from './client.js';
import type { Deed, TransferBody } from './deeds.js';

/** What the database holds of one key. */
interface Written {
  payer: string;
  key_hash: Buffer;
  movement_id: string;
  kept_movement_id: string | null;
  legs: { from: string; to: string; amount: string; memo: string | null }[];
}

/** Holds what clients were told against what is written: each line is one lie. */
export async function judge(
  superuser: pg.Client,
  finals: readonly Final[],
  startedWith: string,
): Promise<string[]> {
  const byKey = new Map<string, Final[]>();
  for (const final of finals)
    byKey.set(nameOf(final.deed), [...(byKey.get(nameOf(final.deed)) ?? []), final]);
  // A server that was killed all the time has looked at no table: without it each key is looked for among all rows.
  await superuser.query('ANALYZE');
  const written = await readWritten(superuser, finals);
  const lies = [...byKey].flatMap(([name, answers]) =>
    liesOf(answers, written.get(name)).map((lie) => `${name} (${answers[0]!.deed.kind}): ${lie}`),
  );
  return [
    ...lies,
    ...(await liesOfBalances(superuser, finals, written)),
    ...(await liesOfSums(superuser, startedWith)),
  ];
}

export async function sumOfBalances(superuser: pg.Client): Promise<string> {
  const { rows } = await superuser.query<{ sum: string }>(
    `SELECT trim_scale(sum(balance))::text AS sum FROM accounts WHERE currency = 'points'`,
  );
  return rows[0]!.sum;
}

const nameOf = ({ payer, key }: Deed): string => `${payer.id} ${key}`;
const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** What every answer of one key must be, given what is written of it. */
function liesOf(answers: readonly Final[], row: Written | undefined): string[] {
  const paid = answers.filter(({ status }) => status === 201);
  const refused = answers.filter(({ status }) => status !== 201);
  const lies = refused
    .filter((one) => !EXPECTED[one.deed.kind].has(one.error ?? ''))
    .map(({ status, error, text }) => `was refused with ${status} ${error}: ${text.slice(0, 300)}`);
  if (paid.length === 0)
    return row ? [...lies, `was refused and is written as movement ${row.movement_id}`] : lies;
  if (!row) return [...lies, `was acknowledged as movement ${paid[0]!.movementId} and is not written`];
  if (new Set(paid.map(({ text }) => text)).size > 1) lies.push('was answered in different ways');
  if (paid.some(({ movementId }) => movementId !== row.movement_id))
    lies.push(`was acknowledged as another movement than ${row.movement_id}`);
  if (row.kept_movement_id !== row.movement_id) lies.push('has no row among the idempotency keys');
  const legs = JSON.stringify(row.legs);
  for (const { body, deed } of paid) {
    if (legs !== JSON.stringify(legsOf(deed, body)))
      lies.push(`was acknowledged as ${JSON.stringify(body)}: ${legs}`);
  }
  return lies;
}

/** A refusal that the deed does not deserve is a lie too. */
const EXPECTED: Readonly<Record<Deed['kind'], ReadonlySet<string>>> = {
  plain: new Set(['insufficient_balance']),
  duplicates: new Set(['insufficient_balance']),
  otherBody: new Set(['insufficient_balance', 'idempotency_key_reused']),
  poorPayer: new Set(['insufficient_balance']),
  unknownPayee: new Set(['payee_not_found']),
  toSelf: new Set(['transfer_to_self']),
  oddAmount: new Set(['invalid_fields']),
};

const legsOf = ({ payer }: Deed, { to_agent_id: to, amount, memo }: TransferBody): Written['legs'] => [
  { from: payer.id, to, amount: decimal(-amount), memo: memo ?? null },
  { from: payer.id, to, amount: decimal(amount), memo: memo ?? null },
];

const decimal = (amount: number): string => String(Number(amount.toFixed(2)));

/** Every transfer there is, whoever asked for it: one without an asker shows as well. */
async function readWritten(superuser: pg.Client, finals: readonly Final[]): Promise<Map<string, Written>> {
  const deeds = [...new Map(finals.map(({ deed }) => [nameOf(deed), deed])).values()];
  const { rows } = await superuser.query<Written & { name: string }>(
    `SELECT asked.name, asked.payer, asked.key_hash, m.id::text AS movement_id, k.movement_id::text AS kept_movement_id,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('from', t.from_agent_id, 'to', t.to_agent_id,
          'amount', trim_scale(t.amount)::text, 'memo', t.memo) ORDER BY t.id), '[]')
        FROM transactions t WHERE t.movement_id = m.id) AS legs
     FROM unnest($1::text[], $2::text[], $3::bytea[]) asked (name, payer, key_hash)
       JOIN movements m ON m.natural_key = ledger_transfer_key(asked.payer, asked.key_hash)
       LEFT JOIN idempotency_keys k ON k.caller = asked.payer AND k.key_hash = asked.key_hash`,
    [deeds.map(nameOf), deeds.map(({ payer }) => payer.id), deeds.map(({ key }) => hashOf(key))],
  );
  return new Map(rows.map(({ name, legs, ...row }) => [name, { ...row, legs: legs.map(inOrder) }]));
}

/** jsonb keeps an order of its own. */
const inOrder = ({ from, to, amount, memo }: Written['legs'][number]): Written['legs'][number] => ({
  from,
  to,
  amount,
  memo,
});

/** Each agent's balance, reckoned from the answers alone, and no transfer that nobody was told of. */
async function liesOfBalances(
  superuser: pg.Client,
  finals: readonly Final[],
  written: ReadonlyMap<string, Written>,
): Promise<string[]> {
  const acknowledged = new Map(
    finals.filter(({ status }) => status === 201).map((final) => [final.movementId!, final]),
  );
  const expected = new Map<string, number>();
  const add = (agent: string, cents: number): unknown =>
    expected.set(agent, (expected.get(agent) ?? 0) + cents);
  for (const { deed, body } of acknowledged.values()) {
    add(deed.payer.id, -Math.round(body.amount * 100));
    add(body.to_agent_id, Math.round(body.amount * 100));
  }
  const { rows } = await superuser.query<{ id: string; changed: string }>(
    `SELECT a.id, round((a.balance - coalesce(sum(t.amount) FILTER (WHERE t.type <> 'p2p_transfer'), 0)) * 100)::text AS changed
     FROM accounts a LEFT JOIN transactions t ON t.account_id = a.id AND t.currency = a.currency
     WHERE a.currency = 'points' GROUP BY a.id, a.balance`,
  );
  const lies = rows
    .filter(({ id, changed }) => Number(changed) !== (expected.get(id) ?? 0))
    .map(
      ({ id, changed }) =>
        `${id}: clients were told of ${expected.get(id) ?? 0} cents, its balance changed by ${changed}`,
    );
  const { rows: counted } = await superuser.query<{ count: string }>(
    `SELECT count(*) FROM movements WHERE type = 'p2p_transfer'`,
  );
  if (Number(counted[0]!.count) !== acknowledged.size || written.size !== acknowledged.size)
    lies.push(`${acknowledged.size} transfers were acknowledged, ${counted[0]!.count} are written`);
  return lies;
}

async function liesOfSums(superuser: pg.Client, startedWith: string): Promise<string[]> {
  const sum = await sumOfBalances(superuser);
  const lies = sum === startedWith ? [] : [`All balances were ${startedWith} together and are ${sum}`];
  const { rows } = await superuser.query<{ movement_id: string; events: string }>(
    `SELECT m.id::text AS movement_id, count(o.id) AS events FROM movements m
       LEFT JOIN outbox o ON o.data ->> 'movement_id' = m.id::text
     WHERE m.type = 'p2p_transfer' GROUP BY m.id HAVING count(o.id) <> 2`,
  );
  return [...lies, ...rows.map(({ movement_id, events }) => `movement ${movement_id} has ${events} events`)];
}
