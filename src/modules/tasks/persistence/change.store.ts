import { Injectable } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { violatedUnique } from '#platform/database';
import { AlreadyBid } from '../bid.errors.js';
import { newBids, type Board, type Change } from '../domain/change.js';
import { BIDS } from './bid.store.js';
import { SUBMISSIONS } from './submission.store.js';
import { TASKS } from './task.columns.js';

/**
 * Writes what an act has changed. Each statement stands alone, because PostgreSQL would plan one for everything anew each
 * time; they leave in one message, because nobody waits for any of them.
 */
@Injectable()
export class ChangeStore {
  /** What the board did not have is inserted. */
  save(tx: Tx, board: Board | undefined, change: Change): void {
    const { task, bids = [], submission } = change;
    if (!board) INSERT_TASK.write(tx, task);
    else if (task.revision !== board.task.revision) SAVE_EDITED_TASK.write(tx, task);
    else SAVE_TASK.write(tx, task);
    const placed = board ? newBids(board, change) : bids;
    for (const bid of placed) INSERT_BID.write(tx, bid);
    SAVE_BIDS.write(
      tx,
      bids.filter((bid) => !placed.includes(bid)),
    );
    if (!submission) return;
    if (board?.submission) SAVE_SUBMISSION.write(tx, submission);
    else INSERT_SUBMISSION.write(tx, submission);
  }
}

/** Stays as it was when the task was posted. */
const FIXED = ['id', 'a2aTaskId', 'creatorId', 'systemTask', 'repostedFrom', 'createdAt'] as const;

/** What a creator may change while nobody has bid. */
const TERMS = [
  'category',
  'title',
  'description',
  'acceptanceCriteria',
  'pricePoints',
  'priceUsdc',
  'autoAcceptFirst',
  'maxBids',
  'validationRequired',
  'payoutHoldHours',
  'deadline',
  'revision',
] as const;

/** How a title, a description and criteria become the words that searches find; the title counts most. */
const words = (at: (property: 'title' | 'description' | 'acceptanceCriteria') => string): string =>
  `setweight(to_tsvector('english', ${at('title')}), 'A') ||
   setweight(to_tsvector('english', ${at('description')}), 'B') ||
   setweight(to_tsvector('english', array_to_string(${at('acceptanceCriteria')}::text[], ' ')), 'C')`;

/** With the words that searches find, in one statement. */
const INSERT_TASK = TASKS.insert(TASKS.properties(['listed'])).within(
  'insert-task',
  (insert, at) => `WITH task AS (${insert})
    INSERT INTO task_search (task_id, created_at, words) VALUES (${at('id')}, ${at('createdAt')}, ${words(at)})`,
);
const SAVE_EDITED_TASK = TASKS.update('save-edited-task', [...TERMS, 'warnedAt', 'updatedAt']).within(
  'save-edited-task',
  (update, at) =>
    `WITH edited AS (${update}) UPDATE task_search SET words = ${words(at)} WHERE task_id = ${at('id')}`,
);
/** What happens to a task leaves its terms alone: their texts are long and their columns have indexes. */
const SAVE_TASK = TASKS.update('save-task', TASKS.properties([...FIXED, ...TERMS, 'listed']));

const INSERT_BID = BIDS.insert().explained((error, { taskId }) =>
  violatedUnique(error) === 'unique_bid_per_task' ? new AlreadyBid(taskId) : error,
);
const SAVE_BIDS = BIDS.updateMany('save-bids', ['status', 'rejectReason', 'decidedAt']);

const INSERT_SUBMISSION = SUBMISSIONS.insert();
const SAVE_SUBMISSION = SUBMISSIONS.update('save-submission', ['status', 'decidedAt', 'disputedAt']);
