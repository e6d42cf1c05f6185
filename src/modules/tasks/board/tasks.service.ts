import { Injectable, Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { newId, SYSTEM_AGENT_ID } from '#kernel/ids';
import type { Tx } from '#kernel/tx';
import { cancelByOperator, cancelOfSuspended, cancelTask } from '../domain/cancel-task.js';
import type { Board, Change } from '../domain/change.js';
import { createTask, type TaskDraft } from '../domain/create-task.js';
import { editTask, type TaskChanges } from '../domain/edit-task.js';
import { repost } from '../domain/repost.js';
import type { Prices, Task } from '../domain/task.js';
import { TaskStore } from '../persistence/task.store.js';
import { UsdcNotEnabled } from '../tasks.errors.js';
import { BoardService } from './board.service.js';

/** Posting a task, changing it, taking it back. */
@Injectable()
export class TasksService {
  private readonly logger = new Logger('Tasks');

  constructor(
    private readonly store: TaskStore,
    private readonly board: BoardService,
  ) {}

  get(id: string): Promise<Task> {
    return this.store.get(id);
  }

  /** Those of many that exist, in no particular order, as they stand in the transaction. */
  getMany(ids: readonly string[], tx: Tx): Promise<Task[]> {
    return this.store.findMany(tx, ids);
  }

  /** The platform's own tasks come in here too. */
  async create(tx: Tx, by: string, draft: TaskDraft): Promise<Task> {
    refuseUsdc(draft);
    const author = { id: by, isPlatform: by === SYSTEM_AGENT_ID };
    const ids = { id: newId('tsk'), a2aTaskId: randomUUID() };
    const { task } = await this.board.create(tx, (at) => createTask(draft, author, ids, at));
    this.logger.log({ msg: 'task created', taskId: task.id, agentId: by });
    return task;
  }

  async edit(tx: Tx, by: string, taskId: string, changes: TaskChanges): Promise<Task> {
    refuseUsdc(changes);
    const before = this.store.lock(tx, taskId);
    const edited = await this.board.act(tx, before, (board, at) => editTask(board, changes, by, at));
    return edited?.task ?? (await before).task;
  }

  async cancel(tx: Tx, by: string, taskId: string): Promise<Change> {
    const cancelled = await this.board.act(tx, this.lockToCancel(tx, taskId), (board, at) =>
      cancelTask(board, by, at, board.isExecutorSuspended),
    );
    return this.logged(cancelled);
  }

  /** For an operator: what is still to be done, even where somebody works on it. */
  async cancelByOperator(tx: Tx, taskId: string): Promise<Change> {
    return this.logged(
      await this.board.act(tx, this.store.lockWithBids(tx, taskId), (board, at) =>
        cancelByOperator(board, at),
      ),
    );
  }

  /** Nothing when the creator has been reinstated since, or somebody is at work. */
  async cancelOfSuspended(tx: Tx, creatorId: string, taskId: string): Promise<void> {
    const locked = this.board.whileSuspended(tx, creatorId, this.store.lockWithBids(tx, taskId));
    const cancelled = await this.board.actOnDue(tx, locked, cancelOfSuspended);
    if (cancelled) this.logged(cancelled);
  }

  /** Locked, so that nobody disputes its end meanwhile. */
  async repost(tx: Tx, by: string, taskId: string, deadline?: Date): Promise<Task> {
    const { task } = await this.store.lock(tx, taskId);
    return this.create(tx, by, repost(task, by, deadline));
  }

  /** With the executor, so that it stays suspended, or does not become so, until the commit. */
  private async lockToCancel(tx: Tx, taskId: string): Promise<Board & { isExecutorSuspended: boolean }> {
    const board = await this.store.lockWithBids(tx, taskId);
    const { status, executorId } = board.task;
    const isExecutorSuspended = status === 'in_progress' && (await this.board.isSuspended(tx, executorId!));
    return { ...board, isExecutorSuspended };
  }

  private logged(cancelled: Change): Change {
    const { id: taskId, closeReason: reason } = cancelled.task;
    this.logger.log({ msg: 'task cancelled', taskId, reason });
    return cancelled;
  }
}

/** Priced by the rules, but nobody could pay it yet. */
function refuseUsdc({ priceUsdc }: Partial<Prices>): void {
  if (priceUsdc) throw new UsdcNotEnabled();
}
