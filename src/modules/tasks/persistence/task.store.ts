import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/db/database.js';
import { Gather } from '../../../kernel/db/gather.js';
import type { Tx } from '../../../kernel/db/tx.js';
import { newId } from '../../../kernel/ids.js';
import type { CopiedWork } from '../domain/copy-work.js';
import type { NewTask } from '../domain/create-task.js';
import type { Bid, Submission, Task } from '../domain/task.js';
import { CopiedWorks } from '../copies/copied-works.js';
import { TaskNotFound } from '../tasks.errors.js';
import { BID_COLUMNS } from './bid.store.js';
import { TASK_COLUMNS } from './task.columns.js';

/** How a title, a description and criteria become the words that searches find; the title counts most. */
const WORDS = (title: string, description: string, criteria: string): string =>
  `setweight(to_tsvector('english', ${title}), 'A') || setweight(to_tsvector('english', ${description}), 'B') ||
   setweight(to_tsvector('english', array_to_string(${criteria}::text[], ' ')), 'C')`;

/** What an act has changed: the task, and the bids or the submission that went with it. */
export interface Saved {
  task: Task;
  bids?: readonly Bid[];
  submission?: Submission;
}

@Injectable()
export class TaskStore {
  private readonly tasks: Gather<Task>;

  constructor(
    database: Database,
    private readonly copies: CopiedWorks,
  ) {
    this.tasks = new Gather<Task>(async (ids) => {
      const rows = await database.prepared<Task>('tasks', `${SELECT} WHERE id = ANY ($1)`, [ids]);
      return new Map(rows.map((row) => [row.id, row]));
    });
  }

  find(id: string): Promise<Task | undefined> {
    return this.tasks.get(id);
  }

  async get(id: string): Promise<Task> {
    const task = (await this.find(id)) ?? (await this.copies.find(id))?.task;
    if (!task) throw new TaskNotFound(id);
    return task;
  }

  findMany(tx: Tx, ids: readonly string[]): Promise<Task[]> {
    return tx.prepared<Task>('tasks-in-tx', `${SELECT} WHERE id = ANY ($1)`, [ids]);
  }

  /**
   * Whoever acts on a task has it to itself until the commit: of two acts at once one sees what the other did. A copy is
   * being judged, so that every act on it is refused, in the words in which the original refused it.
   */
  async lock(tx: Tx, id: string): Promise<Task> {
    return (await this.lockRow(tx, id)) ?? (await this.copyOf(tx, id)).task;
  }

  private async lockRow(tx: Tx, id: string): Promise<Task | undefined> {
    const [task] = await tx.prepared<Task>('lock-task', `${SELECT} WHERE id = $1 FOR NO KEY UPDATE`, [id]);
    return task;
  }

  private async copyOf(tx: Tx, id: string): Promise<CopiedWork> {
    const copy = await this.copies.find(id, tx);
    if (!copy) throw new TaskNotFound(id);
    return copy;
  }

  /**
   * With its pending bids, and with the one that is asked for, whatever became of it. Two statements, because one that
   * waits for the lock still sees the bids as they were before it waited. Bids change under the lock of their task
   * alone, so that they need none of their own.
   */
  async lockWithBids(tx: Tx, id: string, bidId?: string): Promise<{ task: Task; bids: Bid[] }> {
    const task = await this.lockRow(tx, id);
    return task ? { task, bids: await this.bidsOf(tx, id, bidId) } : this.copyOf(tx, id);
  }

  /** The task must be locked. */
  bidsOf(tx: Tx, id: string, bidId?: string): Promise<Bid[]> {
    return tx.prepared<Bid>(
      'bids-of-task',
      `SELECT ${BID_COLUMNS} FROM bids WHERE task_id = $1 AND (status = 'pending' OR id = $2)
        ORDER BY created_at, id`,
      [id, bidId ?? null],
    );
  }

  /** With the words that searches find, in one statement. */
  insert(tx: Tx, draft: NewTask): Task {
    const task = { ...draft, id: newId('tsk') };
    tx.write(
      'insert-task',
      `WITH task AS (
         INSERT INTO tasks (id, a2a_task_id, creator_agent_id, category, title, description, acceptance_criteria,
                            price_points, price_usdc, deadline, auto_accept_first, max_bids, validation_required,
                            payout_hold_hours, system_task, reposted_from, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17))
       INSERT INTO task_search (task_id, created_at, words) VALUES ($1, $17, ${WORDS('$5', '$6', '$7')})`,
      [
        task.id,
        task.a2aTaskId,
        task.creatorId,
        task.category,
        task.title,
        task.description,
        task.acceptanceCriteria,
        task.pricePoints,
        task.priceUsdc,
        task.deadline,
        task.autoAcceptFirst,
        task.maxBids,
        task.validationRequired,
        task.payoutHoldHours,
        task.systemTask,
        task.repostedFrom,
        task.createdAt,
      ],
    );
    return task;
  }

  /**
   * What happens to a task, and to what goes with it. Its text changes by `saveEdited` alone. In statements of their own:
   * the plan of one for everything would be made anew each time.
   */
  save(tx: Tx, { task, bids = [], submission }: Saved): void {
    tx.write(
      'save-task',
      `UPDATE tasks SET status = $2, close_reason = $3, executor_agent_id = $4, bids_count = $5, accepted_bid_id = $6,
              accepted_currency = $7, accepted_price = $8, accepted_at = $9, payout_state = $10, payout_amount = $11,
              payout_fee = $12, payout_due_at = $13, progress_percent = $14, progress_message = $15, progress_at = $16,
              warned_at = $17, closed_at = $18, updated_at = $19, overturned = $20
        WHERE id = $1`,
      [
        task.id,
        task.status,
        task.closeReason,
        task.executorId,
        task.bidsCount,
        task.acceptedBidId,
        task.acceptedCurrency,
        task.acceptedPrice,
        task.acceptedAt,
        task.payoutState,
        task.payoutAmount,
        task.payoutFee,
        task.payoutDueAt,
        task.progressPercent,
        task.progressMessage,
        task.progressAt,
        task.warnedAt,
        task.closedAt,
        task.updatedAt,
        task.overturned,
      ],
    );
    if (bids.length > 0) this.saveBids(tx, bids);
    if (submission) this.saveSubmission(tx, submission);
  }

  private saveBids(tx: Tx, bids: readonly Bid[]): void {
    tx.write(
      'save-bids',
      `UPDATE bids SET status = now.status, reject_reason = now.reason, decided_at = now.at
         FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS now (id, status, reason, at)
        WHERE bids.id = now.id`,
      [
        bids.map(({ id }) => id),
        bids.map(({ status }) => status),
        bids.map(({ rejectReason }) => rejectReason),
        bids.map(({ decidedAt }) => decidedAt),
      ],
    );
  }

  private saveSubmission(tx: Tx, submission: Submission): void {
    tx.write(
      'save-submission',
      'UPDATE submissions SET status = $2, decided_at = $3, disputed_at = $4 WHERE id = $1',
      [submission.id, submission.status, submission.decidedAt, submission.disputedAt],
    );
  }

  /** What a creator may change while nobody has bid. */
  async saveEdited(tx: Tx, task: Task): Promise<void> {
    await tx.query(
      `WITH edited AS (
         UPDATE tasks SET category = $2, title = $3, description = $4, acceptance_criteria = $5, price_points = $6,
                price_usdc = $7, deadline = $8, auto_accept_first = $9, max_bids = $10, validation_required = $11,
                payout_hold_hours = $12, revision = $13, warned_at = $14, updated_at = $15
          WHERE id = $1)
       UPDATE task_search SET words = ${WORDS('$3', '$4', '$5')} WHERE task_id = $1`,
      [
        task.id,
        task.category,
        task.title,
        task.description,
        task.acceptanceCriteria,
        task.pricePoints,
        task.priceUsdc,
        task.deadline,
        task.autoAcceptFirst,
        task.maxBids,
        task.validationRequired,
        task.payoutHoldHours,
        task.revision,
        task.warnedAt,
        task.updatedAt,
      ],
    );
  }
}

const SELECT = `SELECT ${TASK_COLUMNS} FROM tasks`;
