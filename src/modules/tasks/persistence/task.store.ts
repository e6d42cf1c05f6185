import { Injectable } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { Gather } from '#platform/concurrency';
import { Database } from '#platform/database';
import type { Board } from '../domain/change.js';
import type { Bid, Task } from '../domain/task.js';
import { TaskNotFound } from '../tasks.errors.js';
import { BID_COLUMNS } from './bid.store.js';
import { TASK_COLUMNS } from './task.columns.js';

@Injectable()
export class TaskStore {
  private readonly tasks: Gather<Task>;

  constructor(database: Database) {
    this.tasks = new Gather<Task>(async (ids) => {
      const rows = await database.prepared<Task>('tasks', `${SELECT} WHERE id = ANY ($1)`, [ids]);
      return new Map(rows.map((row) => [row.id, row]));
    });
  }

  find(id: string): Promise<Task | undefined> {
    return this.tasks.get(id);
  }

  async get(id: string): Promise<Task> {
    const task = await this.find(id);
    if (!task) throw new TaskNotFound(id);
    return task;
  }

  findMany(tx: Tx, ids: readonly string[]): Promise<Task[]> {
    return tx.prepared<Task>('tasks-in-tx', `${SELECT} WHERE id = ANY ($1)`, [ids]);
  }

  /** Whoever acts on a task has it to itself until the commit: of two acts at once one sees what the other did. */
  async lock(tx: Tx, id: string): Promise<Board> {
    return { task: await this.lockRow(tx, id), bids: [] };
  }

  /**
   * With its pending bids, and with the one that is asked for, whatever became of it. Two statements, because one that
   * waits for the lock still sees the bids as they were before it waited. Bids change under the lock of their task
   * alone, so that they need none of their own.
   */
  async lockWithBids(tx: Tx, id: string, bidId?: string): Promise<Board> {
    return { task: await this.lockRow(tx, id), bids: await this.bidsOf(tx, id, bidId) };
  }

  /** With the bids only where the first one is accepted at once: the others are then declined. */
  async lockForBidder(tx: Tx, id: string): Promise<Board> {
    const board = await this.lock(tx, id);
    return board.task.autoAcceptFirst ? { ...board, bids: await this.bidsOf(tx, id) } : board;
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

  private async lockRow(tx: Tx, id: string): Promise<Task> {
    const [task] = await tx.prepared<Task>('lock-task', `${SELECT} WHERE id = $1 FOR NO KEY UPDATE`, [id]);
    if (!task) throw new TaskNotFound(id);
    return task;
  }
}

const SELECT = `SELECT ${TASK_COLUMNS} FROM tasks`;
