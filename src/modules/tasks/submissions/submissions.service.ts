import { Injectable, Logger } from '@nestjs/common';
import { newId } from '#kernel/ids';
import type { Tx } from '#kernel/tx';
import { feeOf } from '#modules/points';
import { BoardService } from '../board/board.service.js';
import { reportProgress, type ProgressReport } from '../domain/report-progress.js';
import { settle } from '../domain/settle.js';
import { startValidation, submitResult, type Result } from '../domain/submit.js';
import type { Task, Work } from '../domain/task.js';
import { SubmissionStore, type PendingSubmission } from '../persistence/submission.store.js';
import { TaskStore } from '../persistence/task.store.js';
import { SubmissionNotFound } from '../tasks.errors.js';
import type { PanelTold, Votes } from '../tasks.events.js';
import { resultDigest } from './result-digest.js';

/** What the executor hands in. */
export type Handed = Omit<Result, 'id' | 'digest'>;

/** Work from the first sign of progress to the verdict. Who judges it, and by what rules, is the business of others. */
@Injectable()
export class SubmissionsService {
  private readonly logger = new Logger('Submissions');

  constructor(
    private readonly tasks: TaskStore,
    private readonly submissions: SubmissionStore,
    private readonly board: BoardService,
  ) {}

  /** With a transaction, as it stands in there. */
  async get(id: string, tx?: Tx): Promise<Work> {
    const [work] = await this.submissions.works([id], tx);
    if (!work) throw new SubmissionNotFound(id);
    return work;
  }

  /** Those of many that exist, in no particular order. */
  getMany(ids: readonly string[], tx?: Tx): Promise<Work[]> {
    return this.submissions.works(ids, tx);
  }

  /** Handed in and judged by nobody yet, the oldest first. */
  async *pending(chunkSize: number): AsyncIterable<readonly PendingSubmission[]> {
    for (let last: PendingSubmission | undefined; ;) {
      const chunk = await this.submissions.pending(last, chunkSize);
      if (chunk.length === 0) return;
      yield chunk;
      last = chunk.at(-1);
    }
  }

  async reportProgress(tx: Tx, by: string, taskId: string, report: ProgressReport): Promise<Task> {
    const { task } = await this.board.act(tx, this.tasks.lock(tx, taskId), (board, at) =>
      reportProgress(board, report, by, at),
    );
    return task;
  }

  async submit(tx: Tx, by: string, taskId: string, handed: Handed): Promise<Work> {
    const result = { ...handed, id: newId('sub'), digest: resultDigest(taskId, by, handed) };
    const { task, submission } = await this.board.act(tx, this.tasks.lock(tx, taskId), (board, at) =>
      submitResult(board, result, by, at, feeOf),
    );
    const submissionId = submission.id;
    this.logger.log({ msg: 'result submitted', taskId, submissionId });
    if (!task.validationRequired)
      this.logger.log({ msg: 'work settled', taskId, submissionId, verdict: 'unjudged' });
    return { task, submission };
  }

  /** The first seat of its panel is taken. */
  startValidation(tx: Tx, submissionId: string, panel: PanelTold): Promise<Work> {
    return this.board.act(tx, this.submissions.lock(tx, submissionId), (board, at) =>
      startValidation(board, panel, at),
    );
  }

  /** The verdict and what follows from it. Of two verdicts at once the second is refused. */
  async settle(tx: Tx, submissionId: string, verdict: 'approved' | 'rejected', votes: Votes): Promise<Work> {
    const settled = await this.board.act(tx, this.submissions.lock(tx, submissionId), (board, at) =>
      settle(board, verdict, votes, at, feeOf),
    );
    this.logger.log({ msg: 'work settled', taskId: settled.task.id, submissionId, verdict });
    return settled;
  }
}
