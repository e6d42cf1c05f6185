import { Injectable, Logger } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { feeOf } from '#modules/points';
import { BoardService } from '../board/board.service.js';
import type { Board, Change } from '../domain/change.js';
import { openDispute, overturnVerdict, upholdVerdict, type Ruling } from '../domain/dispute.js';
import type { Work } from '../domain/task.js';
import { SubmissionStore } from '../persistence/submission.store.js';
import { TaskStore } from '../persistence/task.store.js';

/** What a dispute does to a task and its money. Who judges it, and what it costs, is for whoever opens it to know. */
@Injectable()
export class DisputedWork {
  private readonly logger = new Logger('DisputedWork');

  constructor(
    private readonly tasks: TaskStore,
    private readonly submissions: SubmissionStore,
    private readonly board: BoardService,
  ) {}

  /** By the one whom the verdict has gone against. What is held for the task stays held. */
  open(tx: Tx, by: string, taskId: string): Promise<Work> {
    return this.board.act(tx, this.lock(tx, taskId), (board, at) => openDispute(board, by, at));
  }

  async uphold(tx: Tx, taskId: string, ruling: Ruling): Promise<Change> {
    const upheld = await this.board.act(tx, this.lock(tx, taskId), (board, at) =>
      upholdVerdict(board, ruling, at),
    );
    return this.logged(upheld, ruling);
  }

  async overturn(tx: Tx, taskId: string, ruling: Ruling): Promise<Change> {
    const overturned = await this.board.act(tx, this.lock(tx, taskId), (board, at) =>
      overturnVerdict(board, ruling, at, feeOf),
    );
    return this.logged(overturned, ruling);
  }

  private logged(change: Change, { disputeId }: Ruling): Change {
    const { id: taskId, status } = change.task;
    this.logger.log({ msg: 'dispute ended', taskId, disputeId, status });
    return change;
  }

  private async lock(tx: Tx, taskId: string): Promise<Board> {
    const board = await this.tasks.lock(tx, taskId);
    return { ...board, submission: await this.submissions.ofTask(tx, taskId) };
  }
}
