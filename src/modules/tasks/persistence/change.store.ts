import { Injectable } from '@nestjs/common';
import { violatedUnique } from '../../../kernel/db/database-errors.js';
import type { Tx } from '../../../kernel/db/tx.js';
import { newBids, type Board, type Change } from '../domain/change.js';
import type { Bid, Submission, Task } from '../domain/task.js';
import { AlreadyBid } from '../bid.errors.js';

/** How a title, a description and criteria become the words that searches find; the title counts most. */
const WORDS = (title: string, description: string, criteria: string): string =>
  `setweight(to_tsvector('english', ${title}), 'A') || setweight(to_tsvector('english', ${description}), 'B') ||
   setweight(to_tsvector('english', array_to_string(${criteria}::text[], ' ')), 'C')`;

/**
 * Writes what an act has changed. Each statement stands alone, because PostgreSQL would plan one for everything anew each
 * time; they leave in one message, because nobody waits for any of them.
 */
@Injectable()
export class ChangeStore {
  /** What the board did not have is inserted. */
  save(tx: Tx, board: Board | undefined, change: Change): void {
    const { task, bids = [], submission } = change;
    if (!board) this.insertTask(tx, task);
    else if (task.revision !== board.task.revision) this.saveEdited(tx, task);
    else this.saveTask(tx, task);
    const placed = board ? newBids(board, change) : bids;
    for (const bid of placed) this.insertBid(tx, bid);
    this.saveBids(
      tx,
      bids.filter((bid) => !placed.includes(bid)),
    );
    if (!submission) return;
    if (board?.submission) this.saveSubmission(tx, submission);
    else this.insertSubmission(tx, submission);
  }

  /** With the words that searches find, in one statement. */
  private insertTask(tx: Tx, task: Task): void {
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
  }

  /** What happens to a task. Its text changes by an edit alone. */
  private saveTask(tx: Tx, task: Task): void {
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
  }

  /** What a creator may change while nobody has bid. */
  private saveEdited(tx: Tx, task: Task): void {
    tx.write(
      'save-edited-task',
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

  private insertBid(tx: Tx, bid: Bid): void {
    tx.write(
      'insert-bid',
      `INSERT INTO bids (id, task_id, agent_id, proposed_approach, price_points, price_usdc, estimated_minutes, status,
                         created_at, decided_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        bid.id,
        bid.taskId,
        bid.agentId,
        bid.proposedApproach,
        bid.pricePoints,
        bid.priceUsdc,
        bid.estimatedMinutes,
        bid.status,
        bid.createdAt,
        bid.decidedAt,
      ],
      (error) => (violatedUnique(error) === 'unique_bid_per_task' ? new AlreadyBid(bid.taskId) : error),
    );
  }

  private saveBids(tx: Tx, bids: readonly Bid[]): void {
    if (bids.length === 0) return;
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

  private insertSubmission(tx: Tx, submission: Submission): void {
    tx.write(
      'insert-submission',
      `INSERT INTO submissions (id, task_id, agent_id, result_url, result_content, notes, digest, status, submitted_at,
                                decided_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        submission.id,
        submission.taskId,
        submission.agentId,
        submission.resultUrl,
        submission.resultContent,
        submission.notes,
        submission.digest,
        submission.status,
        submission.submittedAt,
        submission.decidedAt,
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
}
