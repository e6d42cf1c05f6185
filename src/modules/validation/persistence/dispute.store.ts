import { Injectable } from '@nestjs/common';
import { newId } from '#kernel/ids';
import type { Tx } from '#kernel/tx';
import { Database, violatedUnique } from '#platform/database';
import type { Dispute } from '../domain/dispute.js';
import { AlreadyDisputed, DisputeNotFound } from '../validation.errors.js';

const COLUMNS = `id, task_id AS "taskId", submission_id AS "submissionId", filed_by AS "filedBy",
  creator_agent_id AS "creatorId", executor_agent_id AS "executorId", reasoning, verdict, status, deadline,
  resolved_by AS "resolvedBy", resolved_at AS "resolvedAt", created_at AS "createdAt"`;

@Injectable()
export class DisputeStore {
  constructor(private readonly database: Database) {}

  insert(tx: Tx, filed: Omit<Dispute, 'id'>): Dispute {
    const dispute = { ...filed, id: newId('dsp') };
    tx.write(
      'insert-dispute',
      `INSERT INTO disputes (id, task_id, submission_id, filed_by, creator_agent_id, executor_agent_id, reasoning,
                             verdict, status, deadline, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        dispute.id,
        dispute.taskId,
        dispute.submissionId,
        dispute.filedBy,
        dispute.creatorId,
        dispute.executorId,
        dispute.reasoning,
        dispute.verdict,
        dispute.status,
        dispute.deadline,
        dispute.createdAt,
      ],
      (error) =>
        violatedUnique(error) === 'one_dispute_per_submission' ? new AlreadyDisputed(dispute.taskId) : error,
    );
    return dispute;
  }

  async resolve(tx: Tx, { id, status, resolvedBy, resolvedAt }: Dispute): Promise<void> {
    await tx.query('UPDATE disputes SET status = $2, resolved_by = $3, resolved_at = $4 WHERE id = $1', [
      id,
      status,
      resolvedBy,
      resolvedAt,
    ]);
  }

  async get(id: string, tx?: Tx): Promise<Dispute> {
    const [dispute] = await (tx ?? this.database).query<Dispute>(
      `SELECT ${COLUMNS} FROM disputes WHERE id = $1`,
      [id],
    );
    if (!dispute) throw new DisputeNotFound(id);
    return dispute;
  }

  async ofSubmission(tx: Tx, submissionId: string): Promise<Dispute | undefined> {
    const [dispute] = await tx.query<Dispute>(`SELECT ${COLUMNS} FROM disputes WHERE submission_id = $1`, [
      submissionId,
    ]);
    return dispute;
  }

  async ofTask(taskId: string, tx?: Tx): Promise<Dispute | undefined> {
    const [dispute] = await (tx ?? this.database).query<Dispute>(
      `SELECT ${COLUMNS} FROM disputes WHERE task_id = $1`,
      [taskId],
    );
    return dispute;
  }
}
