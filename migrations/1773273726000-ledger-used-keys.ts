import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A transfer whose key another deed has used is refused by itself. It made the batch fail, which was then posted one by
 * one: such a transfer cost 40 times as much as a good one, to everybody in its batch. What is left of that is the race in
 * which the other deed commits while the batch is under way.
 */
export class LedgerUsedKeys1773273726000 implements MigrationInterface {
  up(runner: QueryRunner): Promise<void> {
    return rewrite(runner, CHANGES);
  }

  down(runner: QueryRunner): Promise<void> {
    return rewrite(
      runner,
      CHANGES.map(([before, after]) => [after, before]),
    );
  }
}

const CHANGES: readonly (readonly [before: string, after: string])[] = [
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

/** In the function as it stands: a debt's reference has come into it since it was first made. */
async function rewrite(runner: QueryRunner, changes: typeof CHANGES): Promise<void> {
  const [{ text }] = (await runner.query(
    `SELECT pg_get_functiondef('ledger_transfer_batch'::regproc) AS text`,
  )) as [{ text: string }];
  await runner.query(changes.reduce(changed, text));
}

function changed(text: string, [before, after]: readonly [string, string]): string {
  if (text.split(before).length !== 2) throw new Error(`There is not exactly one "${before}".`);
  return text.replace(before, () => after);
}
