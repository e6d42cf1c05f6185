import { Injectable } from '@nestjs/common';
import { randomInt, randomUUID } from 'node:crypto';
import type { Tx } from '#kernel/tx';
import { SubmissionStore } from '../persistence/submission.store.js';
import { resultDigest } from '../submissions/result-digest.js';
import { SubmissionNotFound } from '../tasks.errors.js';
import { bidIdIn } from './calibration-names.js';
import { CalibrationTaskStore, type CalibrationTask } from './calibration-task.store.js';

/** Validators are usually drawn within this time after a result was submitted. */
const DRAWN_WITHIN_MS = 900;

/** What is to be put on the board, and when it is to seem to have been taken up by validators. */
export type Calibration = Omit<CalibrationTask, 'sourceTaskId' | 'laterByMs'> & {
  sourceSubmissionId: string;
};

/**
 * Decided work that stands on the board again, under other ids, as if it were being validated. In public lists and searches it
 * takes the place of its source. It has no escrow, is in nobody's record and never pays: the module that put it there
 * takes it away.
 */
@Injectable()
export class CalibrationTasks {
  constructor(
    private readonly store: CalibrationTaskStore,
    private readonly submissions: SubmissionStore,
  ) {}

  /** Of a result submitted for that task: what draws of validators hang on. */
  async digestOf(tx: Tx, { sourceSubmissionId, taskId }: Pick<Calibration, 'sourceSubmissionId' | 'taskId'>) {
    const { submission } = await this.sourceOf(tx, sourceSubmissionId);
    return resultDigest(taskId, submission.agentId, submission);
  }

  /** A second one made from the same task at the same time is in no list: two would tell each other. */
  async place(tx: Tx, { sourceSubmissionId, ...calibration }: Calibration): Promise<void> {
    const { task, submission } = await this.sourceOf(tx, sourceSubmissionId);
    const { taskId, validatedSince } = calibration;
    const submittedAt = validatedSince.getTime() - randomInt(1, DRAWN_WITHIN_MS);
    const laterByMs = submittedAt - submission.submittedAt.getTime();
    await this.store.insert(
      tx,
      { ...calibration, sourceTaskId: task.id, laterByMs },
      {
        a2aTaskId: randomUUID(),
        digest: resultDigest(taskId, submission.agentId, submission),
        acceptedBidId: bidIdIn(taskId, task.acceptedBidId!),
        listed: await this.store.unlist(tx, task.id),
      },
    );
  }

  /** Nobody finds it any more, and its source is where it was. */
  withdraw(tx: Tx, taskId: string): Promise<void> {
    return this.store.delete(tx, taskId);
  }

  /** Tasks that the public does not see among others at the moment. */
  unlistedSources(): Promise<string[]> {
    return this.store.unlistedSources();
  }

  private async sourceOf(tx: Tx, submissionId: string) {
    const [work] = await this.submissions.works([submissionId], tx);
    if (!work) throw new SubmissionNotFound(submissionId);
    return work;
  }
}
