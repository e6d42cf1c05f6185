import type { Tx } from '#kernel/tx';
import type { Database } from '#platform/database';

/** What a store reads outside of a transaction, read inside of one, which tells how it was done. */
export const readingIn = (tx: Tx): Database =>
  ({ query: (sql: string, params: unknown[]) => tx.query(sql, params) }) as unknown as Database;

/** How many rows of a table the statements of this transaction have read: all in a row, and by an index. */
export async function rowsRead(tx: Tx, table: string): Promise<{ inARow: number; byIndex: number }> {
  const [read] = await tx.query<{ seq_tup_read: string; idx_tup_fetch: string }>(
    'SELECT seq_tup_read, idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = $1',
    [table],
  );
  return { inARow: Number(read!.seq_tup_read), byIndex: Number(read!.idx_tup_fetch) };
}
