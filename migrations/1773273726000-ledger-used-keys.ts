import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BATCH } from './1773273611000-ledger-transfers.js';

/**
 * A transfer whose key another deed has used is refused by itself. It made the batch fail, which was then posted one by
 * one: such a transfer cost 40 times as much as a good one, to everybody in its batch. What is left of that is the race in
 * which the other deed commits while the batch is under way.
 */
export class LedgerUsedKeys1773273726000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CHANGES.reduce((text, [from, to]) => changed(text, from, to), BATCH));
  }

  async down(runner: QueryRunner): Promise<void> {
    const [replace] = CHANGES;
    await runner.query(changed(BATCH, ...replace));
  }
}

const CHANGES: readonly [readonly [string, string], ...(readonly (readonly [string, string])[])] = [
  ['CREATE FUNCTION ledger_transfer_batch', 'CREATE OR REPLACE FUNCTION ledger_transfer_batch'],
  ['earlier bigint[]; first_twin int[];', 'earlier bigint[]; is_used boolean[]; first_twin int[];'],
  [
    'array_agg(u.earlier ORDER BY u.place), array_agg(u.first_twin ORDER BY u.place)',
    'array_agg(u.earlier ORDER BY u.place), array_agg(u.is_used ORDER BY u.place), array_agg(u.first_twin ORDER BY u.place)',
  ],
  ['payee_at, earlier, first_twin\n', 'payee_at, earlier, is_used, first_twin\n'],
  [
    'END AS earlier,\n',
    `END AS earlier,
          i.key IS NOT NULL AND EXISTS (
            SELECT FROM idempotency_keys k WHERE k.caller = i.payer AND k.key_hash = i.key) AS is_used,
`,
  ],
  [
    '      outcome[i] := CASE\n        WHEN x IS NULL',
    `      IF is_used[i] THEN
        outcome[i] := 'key_reused';
        CONTINUE;
      END IF;
      outcome[i] := CASE
        WHEN x IS NULL`,
  ],
];

function changed(text: string, from: string, to: string): string {
  if (text.split(from).length !== 2) throw new Error(`There is not exactly one "${from}".`);
  return text.replace(from, () => to);
}
