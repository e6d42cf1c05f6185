import { Injectable } from '@nestjs/common';
import { after, before } from '#kernel/clock';
import type { Tx } from '#kernel/tx';
import { Database } from '#platform/database';
import type { Board } from '../domain/change.js';
import { EXPIRES_MS, WARNING_MS } from '../domain/expire.js';
import type { Task } from '../domain/task.js';
import { TASK_COLUMNS } from './task.columns.js';
import { TaskStore } from './task.store.js';

const BATCH = 100;

/** What time does to tasks: which are due, and whose turn it is to see to one. */
@Injectable()
export class DueStore {
  constructor(
    private readonly database: Database,
    private readonly tasks: TaskStore,
  ) {}

  async nextExpiry(): Promise<Date | null> {
    const rows = await this.database.prepared<{ status: keyof typeof EXPIRES_MS; deadline: Date | null }>(
      'next-expiry',
      `SELECT status, (SELECT min(deadline) FROM tasks WHERE tasks.status = due.status) AS deadline
         FROM unnest($1::text[]) AS due (status)`,
      [Object.keys(EXPIRES_MS)],
    );
    const times = rows.flatMap(({ status, deadline }) =>
      deadline ? [after(deadline, EXPIRES_MS[status])] : [],
    );
    return times.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
  }

  /** Walks on past those that could not be ended, so that one of them does not keep all others open. */
  async *expired(at: Date): AsyncIterable<string> {
    for (const [status, lateMs] of Object.entries(EXPIRES_MS)) {
      yield* this.walk((place) => [
        `SELECT id, deadline AS at FROM tasks
            WHERE status = $1 AND deadline <= $2 AND (deadline, id) > ($3, $4) ORDER BY deadline, id LIMIT ${BATCH}`,
        [status, before(at, lateMs), ...place],
      ]);
    }
  }

  async nextPayout(): Promise<Date | null> {
    const [row] = await this.database.prepared<{ due: Date | null }>(
      'next-payout',
      `SELECT min(payout_due_at) AS due FROM tasks WHERE payout_state = 'held' AND status = 'completed'`,
      [],
    );
    return row!.due;
  }

  async *duePayouts(at: Date): AsyncIterable<string> {
    yield* this.walk((place) => [
      `SELECT id, payout_due_at AS at FROM tasks
        WHERE payout_state = 'held' AND status = 'completed' AND payout_due_at <= $1 AND (payout_due_at, id) > ($2, $3)
        ORDER BY payout_due_at, id LIMIT ${BATCH}`,
      [at, ...place],
    ]);
  }

  /** Undefined when somebody else has it: what is still to be done with it then is for the next time. */
  async claim(tx: Tx, id: string): Promise<Board | undefined> {
    const [task] = await tx.query<Task>(
      `SELECT ${TASK_COLUMNS} FROM tasks WHERE id = $1 FOR NO KEY UPDATE SKIP LOCKED`,
      [id],
    );
    return task && { task, bids: [] };
  }

  async claimWithBids(tx: Tx, id: string): Promise<Board | undefined> {
    const board = await this.claim(tx, id);
    return board && { ...board, bids: await this.tasks.bidsOf(tx, id) };
  }

  /** A day before the first deadline of which somebody is still to be warned. */
  async nextWarning(now: Date): Promise<Date | null> {
    const [row] = await this.database.prepared<{ deadline: Date | null }>(
      'next-warning',
      `SELECT min(deadline) AS deadline FROM tasks WHERE ${TO_WARN} AND deadline > $1`,
      [now],
    );
    return row!.deadline && before(row!.deadline, WARNING_MS);
  }

  /** So many at a time of those who are to be warned now. */
  async claimToWarn(tx: Tx, at: Date): Promise<Board[]> {
    const tasks = await tx.query<Task>(
      `SELECT ${TASK_COLUMNS} FROM tasks WHERE ${TO_WARN} AND deadline > $1 AND deadline <= $2
        ORDER BY deadline, id LIMIT ${BATCH} FOR NO KEY UPDATE SKIP LOCKED`,
      [at, after(at, WARNING_MS)],
    );
    return tasks.map((task) => ({ task, bids: [] }));
  }

  private async *walk(
    query: (place: readonly [Date, string]) => readonly [sql: string, params: readonly unknown[]],
  ): AsyncIterable<string> {
    for (let place: readonly [Date, string] = [new Date(0), '']; ;) {
      const rows = await this.database.query<{ id: string; at: Date }>(...query(place));
      for (const { id } of rows) yield id;
      const last = rows.at(-1);
      if (!last || rows.length < BATCH) return;
      place = [last.at, last.id];
    }
  }
}

/** As the index has it: what `warned` in domain/expire.ts says of one task. */
const TO_WARN = `status IN ('open', 'bidding', 'in_progress') AND warned_at IS NULL
  AND deadline - coalesce(accepted_at, created_at) >= interval '24 hours'`;
