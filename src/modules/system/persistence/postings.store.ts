import { Injectable } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { Database } from '#platform/database';
import type { CalendarCadence } from '../domain/entry.js';
import type { Posted } from '../domain/occasion.js';

/** Any number; every replica uses the same one. */
const POSTING_LOCK = 7_301_004;

export type PostingRow = Omit<Posted, 'standing'>;

@Injectable()
export class PostingsStore {
  constructor(private readonly database: Database) {}

  /** Whoever decides what to post has it to itself until the commit, among all replicas. */
  async lock(tx: Tx): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [POSTING_LOCK]);
  }

  /** The last of each kind and variant. */
  async last(tx: Tx): Promise<PostingRow[]> {
    return tx.query<PostingRow>(
      `SELECT DISTINCT ON (kind, variant) kind, variant, occasion, task_id AS "taskId", posted_at AS "postedAt"
         FROM system_postings ORDER BY kind, variant, row_id DESC`,
    );
  }

  async has(tx: Tx, kind: string, occasion: string): Promise<boolean> {
    const found = await tx.query('SELECT FROM system_postings WHERE kind = $1 AND occasion = $2', [
      kind,
      occasion,
    ]);
    return found.length > 0;
  }

  /** Undefined for a task that the platform did not post by itself. */
  async of(tx: Tx, taskId: string): Promise<Pick<PostingRow, 'kind' | 'occasion'> | undefined> {
    const [row] = await tx.query<PostingRow>(
      'SELECT kind, occasion FROM system_postings WHERE task_id = $1',
      [taskId],
    );
    return row;
  }

  /** Those of these claims that earlier postings of the kind have used up. */
  async claimed(tx: Tx, kind: string, claims: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await tx.query<{ claim: string }>(
      'SELECT claim FROM system_claims WHERE kind = $1 AND claim = ANY ($2)',
      [kind, claims],
    );
    return new Set(rows.map(({ claim }) => claim));
  }

  /** As with the occasion, a second posting for one of them is refused by the key. */
  async claim(tx: Tx, kind: string, claims: readonly string[], taskId: string): Promise<void> {
    await tx.query('INSERT INTO system_claims (kind, claim, task_id) SELECT $1, unnest($2::text[]), $3', [
      kind,
      claims,
      taskId,
    ]);
  }

  /** A second for the same occasion is refused by the key, and takes its task with it. */
  async insert(tx: Tx, { kind, occasion, variant, taskId, postedAt }: PostingRow): Promise<void> {
    await tx.query(
      'INSERT INTO system_postings (kind, occasion, variant, task_id, posted_at) VALUES ($1, $2, $3, $4, $5)',
      [kind, occasion, variant, taskId, postedAt],
    );
  }

  /** When the period began for which everything of a cadence was posted last. */
  async periodsDone(): Promise<Map<CalendarCadence, Date>> {
    const rows = await this.database.query<{ cadence: CalendarCadence; period: Date }>(
      'SELECT cadence, period FROM system_calendar',
    );
    return new Map(rows.map(({ cadence, period }) => [cadence, period]));
  }

  /** Only forward: a process that was slow must not open a period again. */
  async closePeriod(cadence: CalendarCadence, period: Date): Promise<void> {
    await this.database.query(
      `INSERT INTO system_calendar AS c (cadence, period) VALUES ($1, $2)
       ON CONFLICT (cadence) DO UPDATE SET period = greatest(c.period, $2)`,
      [cadence, period],
    );
  }
}
