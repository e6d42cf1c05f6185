import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A debt keeps what it was booked for, and each repayment's legs carry that reference, whatever the credit that pays
 * was for. Five lines change in each of the two functions that pay debts, so the migration changes those lines and
 * leaves the rest of the functions as it is.
 */
export class DebtReferences1773273723000 implements MigrationInterface {
  readonly name = 'DebtReferences1773273723000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE debts ADD reference varchar(64) COLLATE "C";
      UPDATE debts d SET reference = (SELECT t.reference FROM transactions t WHERE t.movement_id = d.movement_id LIMIT 1);
      CREATE INDEX debts_open_for ON debts (reference) WHERE outstanding > 0;
      COMMENT ON COLUMN debts.reference IS 'What the debt is for, as the movement that booked it has it.'`);
    for (const [name, changes] of CHANGES) await rewrite(runner, name, changes);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [name, changes] of CHANGES)
      await rewrite(
        runner,
        name,
        changes.map(([before, after]) => [after, before]),
      );
    await runner.query('ALTER TABLE debts DROP reference');
  }
}

type Change = readonly [before: string, after: string];

/** A leg's reference is the movement's, or its debt's. */
const POST: readonly Change[] = [
  [
    `leg_type text[] := '{}'; from_after`,
    `leg_type text[] := '{}'; leg_reference text[] := '{}'; from_after`,
  ],
  [
    'currency, amount, outstanding, cause, movement_id, booked_at)',
    'currency, amount, outstanding, cause, reference, movement_id, booked_at)',
  ],
  [
    'p_currency, unpaid, unpaid, p_key, movement_id, p_at)',
    'p_currency, unpaid, unpaid, p_key, p_reference, movement_id, p_at)',
  ],
  [
    'leg_type := leg_type || p_leg_type[i];',
    'leg_type := leg_type || p_leg_type[i]; leg_reference := array_append(leg_reference, p_reference);',
  ],
  [
    'SELECT d.id, d.creditor::text, d.outstanding FROM debts d',
    'SELECT d.id, d.creditor::text, d.outstanding, d.reference::text FROM debts d',
  ],
  [
    `leg_type := leg_type || 'debt_repayment'::text;`,
    `leg_type := leg_type || 'debt_repayment'::text; leg_reference := array_append(leg_reference, due.reference);`,
  ],
  ['p_currency, l.type, p_reference, p_memo, p_at', 'p_currency, l.type, l.reference, p_memo, p_at'],
  [
    'unnest(leg_ids, leg_from, leg_to, leg_amount, leg_type, from_after, to_after)',
    'unnest(leg_ids, leg_from, leg_to, leg_amount, leg_type, leg_reference, from_after, to_after)',
  ],
  [
    'l (id, payer, payee, amount, type, payer_after, payee_after)',
    'l (id, payer, payee, amount, type, reference, payer_after, payee_after)',
  ],
];

/** A transfer has no reference. */
const TRANSFER: readonly Change[] = [
  [
    `leg_type text[] := '{}'; from_after`,
    `leg_type text[] := '{}'; leg_reference text[] := '{}'; from_after`,
  ],
  [
    `leg_type := leg_type || 'p2p_transfer'::text;`,
    `leg_type := leg_type || 'p2p_transfer'::text; leg_reference := array_append(leg_reference, NULL::text);`,
  ],
  [
    'SELECT d.id, d.creditor::text, d.outstanding FROM debts d',
    'SELECT d.id, d.creditor::text, d.outstanding, d.reference::text FROM debts d',
  ],
  [
    `leg_type := leg_type || 'debt_repayment'::text;`,
    `leg_type := leg_type || 'debt_repayment'::text; leg_reference := array_append(leg_reference, due.reference);`,
  ],
  ['type, memo, created_at)', 'type, reference, memo, created_at)'],
  [`'points', l.type,`, `'points', l.type, l.reference,`],
  [
    'unnest(leg_ids, leg_of, leg_from, leg_to, leg_amount, leg_type, from_after, to_after)',
    'unnest(leg_ids, leg_of, leg_from, leg_to, leg_amount, leg_type, leg_reference, from_after, to_after)',
  ],
  [
    'l (id, of, payer, payee, amount, type, payer_after, payee_after)',
    'l (id, of, payer, payee, amount, type, reference, payer_after, payee_after)',
  ],
];

const CHANGES = [
  ['ledger_post', POST],
  ['ledger_transfer_batch', TRANSFER],
] as const;

/** Each fragment stands once in the function; one that does not is a function that this migration does not know. */
async function rewrite(runner: QueryRunner, name: string, changes: readonly Change[]): Promise<void> {
  const [{ text }] = (await runner.query('SELECT pg_get_functiondef($1::regproc) AS text', [name])) as [
    { text: string },
  ];
  const changed = changes.reduce((body, [before, after]) => {
    if (body.split(before).length !== 2) throw new Error(`${name} does not contain once: ${before}`);
    return body.replace(before, () => after);
  }, text);
  await runner.query(changed);
}
