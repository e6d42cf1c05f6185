import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../kernel/db/tx.js';
import { CopiesTasks, type TaskCopiesProvider, type TaskCopy } from '../../tasks/index.js';
import { votingEnds } from '../domain/panel.js';
import { isDisguised } from '../domain/visibility.js';
import { JudgementStore } from '../persistence/judgement.store.js';

/** As long as a known answer passes for real work, its task is there for everybody who looks. */
@Injectable()
@CopiesTasks()
export class GoldTasks implements TaskCopiesProvider {
  constructor(private readonly judgements: JudgementStore) {}

  async copyOf(taskId: string, tx?: Tx): Promise<TaskCopy | undefined> {
    const judgement = await this.judgements.ofTask(taskId, tx);
    if (!judgement || judgement.sourceSubmissionId === null || !isDisguised(judgement)) return undefined;
    const { submissionId, sourceSubmissionId, openedAt, panel } = judgement;
    return {
      taskId,
      submissionId,
      originalSubmissionId: sourceSubmissionId,
      judgedSince: openedAt,
      seats: panel.seats,
      deadline: votingEnds(panel.kind, openedAt),
    };
  }
}
