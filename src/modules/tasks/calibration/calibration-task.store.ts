import { Injectable } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { Database } from '#platform/database';
import { bidIdIn } from './calibration-names.js';

/** A task on the board that was made from a decided one, and passes for work that is being validated. */
export interface CalibrationTask {
  taskId: string;
  submissionId: string;
  sourceTaskId: string;
  /** Everything seems to have happened this much later than it did in the source. */
  laterByMs: number;
  validatedSince: Date;
  /** How many seem to validate it, and until when. */
  seats: number;
  votingEnds: Date;
}

/** In which a calibration task differs from its source beside its times. */
interface OwnFields {
  a2aTaskId: string;
  digest: string;
  acceptedBidId: string;
  /** Whether it stands in the lists, where its source stood. */
  listed: boolean;
}

/** Leaves calibration tasks out: for the parties of a task, and for whatever is counted. */
export const IS_REAL = 'tasks.id NOT IN (SELECT task_id FROM calibration_tasks)';

@Injectable()
export class CalibrationTaskStore {
  constructor(private readonly database: Database) {}

  async find(taskId: string): Promise<CalibrationTask | undefined> {
    const [row] = await this.database.query<CalibrationTask & { laterByMs: string }>(
      `SELECT task_id AS "taskId", submission_id AS "submissionId", source_task_id AS "sourceTaskId",
              later_by_ms AS "laterByMs", validated_since AS "validatedSince", seats, voting_ends AS "votingEnds"
         FROM calibration_tasks WHERE task_id = $1`,
      [taskId],
    );
    return row && { ...row, laterByMs: Number(row.laterByMs) };
  }

  /** Tasks that are out of the lists while a calibration task stands there instead. */
  async unlistedSources(): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      'SELECT source_task_id AS id FROM calibration_tasks',
    );
    return rows.map(({ id }) => id);
  }

  /** False when it is out of the lists already, or somebody is acting on it: whoever holds its lock may wait for ours. */
  async unlist(tx: Tx, sourceTaskId: string): Promise<boolean> {
    const unlisted = await tx.query(
      `UPDATE tasks SET listed = false
        WHERE id = (SELECT id FROM tasks WHERE id = $1 AND listed FOR NO KEY UPDATE SKIP LOCKED) RETURNING 1`,
      [sourceTaskId],
    );
    if (unlisted.length === 0) return false;
    await tx.query('UPDATE task_search SET listed = false WHERE task_id = $1', [sourceTaskId]);
    return true;
  }

  /** As the source stood while it was validated: what has become of it since then is left out. */
  async insert(
    tx: Tx,
    task: CalibrationTask,
    { a2aTaskId, digest, acceptedBidId, listed }: OwnFields,
  ): Promise<void> {
    const { taskId, submissionId, sourceTaskId, laterByMs, validatedSince, seats, votingEnds } = task;
    const from = [sourceTaskId, laterByMs / 1_000, taskId];
    await tx.query(TASK_ROW, [...from, a2aTaskId, acceptedBidId, validatedSince, listed]);
    await tx.query(SEARCH_ROW, [sourceTaskId, taskId]);
    const bids = await tx.query<{ id: string }>('SELECT id FROM bids WHERE task_id = $1', [sourceTaskId]);
    const ids = bids.map(({ id }) => id);
    await tx.query(BID_ROWS, [...from, ids, ids.map((id) => bidIdIn(taskId, id))]);
    await tx.query(SUBMISSION_ROW, [...from, submissionId, digest]);
    await tx.query(
      `INSERT INTO calibration_tasks
         (task_id, submission_id, source_task_id, later_by_ms, validated_since, seats, voting_ends)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [taskId, submissionId, sourceTaskId, laterByMs, validatedSince, seats, votingEnds],
    );
  }

  /** The source is back in the lists from then on, if this is what stood there instead. */
  async delete(tx: Tx, taskId: string): Promise<void> {
    const [task] = await tx.query<{ sourceTaskId: string }>(
      'DELETE FROM calibration_tasks WHERE task_id = $1 RETURNING source_task_id AS "sourceTaskId"',
      [taskId],
    );
    if (!task) return;
    for (const table of ['task_search', 'submissions', 'bids'])
      await tx.query(`DELETE FROM ${table} WHERE task_id = $1`, [taskId]);
    const [deleted] = await tx.query<{ listed: boolean }>(
      'DELETE FROM tasks WHERE id = $1 RETURNING listed',
      [taskId],
    );
    if (!deleted!.listed) return;
    await tx.query('UPDATE tasks SET listed = true WHERE id = $1', [task.sourceTaskId]);
    await tx.query('UPDATE task_search SET listed = true WHERE task_id = $1', [task.sourceTaskId]);
  }
}

/** A row with some of its fields changed; a column that the table gains later stays as it is in the source. */
const rowFrom = (table: string, fields: string): string =>
  `INSERT INTO ${table} SELECT row.* FROM make_interval(secs => $2) later, ${table} source
     CROSS JOIN LATERAL jsonb_populate_record(source, jsonb_build_object(${fields})) row`;

const moved = (...columns: readonly string[]): string =>
  columns.map((column) => `'${column}', source.${column} + later`).join(', ');

const TASK_ROW = `${rowFrom(
  'tasks',
  `'id', $3::text, 'a2a_task_id', $4::text, 'accepted_bid_id', $5::text, 'status', 'validating', 'close_reason', NULL,
   'payout_state', NULL, 'payout_amount', NULL, 'payout_fee', NULL, 'payout_due_at', NULL, 'overturned', false,
   'closed_at', NULL, 'updated_at', $6::timestamptz, 'listed', $7::boolean,
   ${moved('deadline', 'accepted_at', 'progress_at', 'warned_at', 'created_at')}`,
)} WHERE source.id = $1`;

const SEARCH_ROW = `
  INSERT INTO task_search (task_id, created_at, words, listed)
  SELECT task.id, task.created_at, words, task.listed FROM task_search source, tasks task
   WHERE source.task_id = $1 AND task.id = $2`;

const BID_ROWS = `${rowFrom(
  'bids',
  `'id', ($5::text[])[array_position($4::text[], source.id::text)], 'task_id', $3::text,
   ${moved('created_at', 'decided_at')}`,
)} WHERE source.task_id = $1`;

const SUBMISSION_ROW = `${rowFrom(
  'submissions',
  `'id', $4::text, 'task_id', $3::text, 'digest', $5::text, 'status', 'validating', 'decided_at', NULL,
   'disputed_at', NULL, ${moved('submitted_at')}`,
)} WHERE source.task_id = $1`;
