import { Injectable } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { Database, tableOf } from '#platform/database';
import type { Board } from '../domain/change.js';
import type { Submission, Task, Work } from '../domain/task.js';
import { SubmissionNotFound } from '../tasks.errors.js';
import { SubmissionEntity } from './submission.entity.js';
import { TASK_COLUMNS } from './task.columns.js';

export const SUBMISSIONS = tableOf(SubmissionEntity);

/** A row as the plain `Submission` it is. */
const SUBMISSION_COLUMNS = SUBMISSIONS.columns();

export type PendingSubmission = Pick<Submission, 'id' | 'submittedAt'>;

export interface SubmissionsPage {
  taskId: string;
  after: readonly string[] | undefined;
  limit: number;
}

@Injectable()
export class SubmissionStore {
  constructor(private readonly database: Database) {}

  /** Those of these that exist, in no particular order. With a transaction, as they stand in there. */
  async works(ids: readonly string[], tx?: Tx): Promise<Work[]> {
    const reader = tx ?? this.database;
    const submissions = await reader.query<Submission>(
      `SELECT ${SUBMISSION_COLUMNS} FROM submissions WHERE id = ANY ($1)`,
      [ids],
    );
    const tasks = await reader.query<Task>(`SELECT ${TASK_COLUMNS} FROM tasks WHERE id = ANY ($1)`, [
      submissions.map(({ taskId }) => taskId),
    ]);
    const byId = new Map(tasks.map((task) => [task.id, task]));
    return submissions.map((submission) => ({ submission, task: byId.get(submission.taskId)! }));
  }

  /** Its task is locked with it: that lock orders everything that becomes of either. */
  async lock(tx: Tx, id: string): Promise<Board & Work> {
    const [task] = await tx.query<Task>(
      `SELECT ${TASK_COLUMNS} FROM tasks WHERE id = (SELECT task_id FROM submissions WHERE id = $1)
          FOR NO KEY UPDATE`,
      [id],
    );
    if (!task) throw new SubmissionNotFound(id);
    return { task, bids: [], submission: (await this.ofTask(tx, task.id))! };
  }

  /** The task must be locked, or somebody may be handing one in. */
  async ofTask(tx: Tx, taskId: string): Promise<Submission | undefined> {
    const [submission] = await tx.query<Submission>(
      `SELECT ${SUBMISSION_COLUMNS} FROM submissions WHERE task_id = $1`,
      [taskId],
    );
    return submission;
  }

  /** Handed in and taken up by nobody yet, the oldest first. */
  pending(after: PendingSubmission | undefined, limit: number): Promise<PendingSubmission[]> {
    return this.database.query<PendingSubmission>(
      `SELECT id, submitted_at AS "submittedAt" FROM submissions
        WHERE status IN ('pending', 'validating') AND status = 'pending'
          AND ($1::timestamptz IS NULL OR (submitted_at, id) > ($1, $2))
        ORDER BY submitted_at, id LIMIT $3`,
      [after?.submittedAt ?? null, after?.id ?? null, limit],
    );
  }

  /** The oldest first. */
  page({ taskId, after, limit }: SubmissionsPage): Promise<Submission[]> {
    return this.database.query<Submission>(
      `SELECT ${SUBMISSION_COLUMNS} FROM submissions
        WHERE task_id = $1 AND ($2::timestamptz IS NULL OR (submitted_at, id) > ($2, $3))
        ORDER BY submitted_at, id LIMIT $4`,
      [taskId, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
  }
}
