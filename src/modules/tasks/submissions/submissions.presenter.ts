import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import type { Tx } from '#kernel/tx';
import { NextActions, isInstant, matching, PAGE_SIZE, pageOf, placeOf, type PageQuery } from '#platform/http';
import type { Submission, Task, Work } from '../domain/task.js';
import { maySeeResult } from '../domain/visibility.js';
import { SubmissionStore } from '../persistence/submission.store.js';
import { ResultReaders } from '../result-reader.js';
import { toSubmissionInList, type SubmissionPage, type SubmissionView } from './submissions.view.js';

declare module '#platform/http' {
  interface ActionSubjects {
    submission: WorkSeen;
  }
}

/** A submission that somebody looks at; with the transaction in which the answer is made, to read in. */
export interface WorkSeen extends Work {
  tx: Tx | undefined;
}

const CURSOR = 'submissions';
const PLACE = [isInstant, matching(/^sub_[0-9a-z]{8}$/)];

/** Submissions as they go over the wire: the result is not everybody's before it is approved. */
@Injectable()
export class SubmissionsPresenter {
  constructor(
    private readonly submissions: SubmissionStore,
    private readonly readers: ResultReaders,
    private readonly nextActions: NextActions,
  ) {}

  async submission(tx: Tx, { task, submission }: Work, caller: Caller): Promise<SubmissionView> {
    return {
      ...toSubmissionInList(submission, await this.isVisible(task, submission, caller.id)),
      next_actions: await this.nextActions.of('submission', { task, submission, tx }, caller),
    };
  }

  async page(
    task: Task,
    viewer: string | undefined,
    { cursor, limit = PAGE_SIZE }: PageQuery,
  ): Promise<SubmissionPage> {
    const after = placeOf(cursor, CURSOR, PLACE);
    const found = await this.submissions.page({ taskId: task.id, after, limit: limit + 1 });
    const visible = new Set<string>();
    for (const one of found) if (await this.isVisible(task, one, viewer)) visible.add(one.id);
    return pageOf(
      found,
      limit,
      CURSOR,
      ({ submittedAt, id }) => [submittedAt.toISOString(), id],
      (one) => toSubmissionInList(one, visible.has(one.id)),
    );
  }

  private async isVisible(task: Task, submission: Submission, viewer: string | undefined): Promise<boolean> {
    if (maySeeResult(task, submission, viewer, false)) return true;
    const isValidator = viewer !== undefined && (await this.readers.mayRead(viewer, submission.id));
    return maySeeResult(task, submission, viewer, isValidator);
  }
}
