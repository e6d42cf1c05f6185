import { Injectable } from '@nestjs/common';
import { SubmissionsService } from '#modules/tasks';
import { isInstant, matching, PAGE_SIZE, pageOf, placeOf, type PageQuery } from '#platform/http';
import { workOf, type Judgement } from '../domain/judgement.js';
import { DisputeStore } from '../persistence/dispute.store.js';
import { JudgementStore } from '../persistence/judgement.store.js';
import {
  toJudgedWork,
  toQueueEntry,
  type JudgedWorkView,
  type QueuePage,
  type Waiting,
} from './operators.view.js';

const PLACE = [isInstant, matching(/^sub_[0-9a-z]{8}$/)];

/** What operators see of what waits for them. */
@Injectable()
export class OperatorsPresenter {
  constructor(
    private readonly judgements: JudgementStore,
    private readonly disputes: DisputeStore,
    private readonly submissions: SubmissionsService,
  ) {}

  async queue({ cursor, limit = PAGE_SIZE }: PageQuery): Promise<QueuePage> {
    const found = await this.judgements.queue(placeOf(cursor, 'queue', PLACE), limit + 1);
    const waiting = await Promise.all(found.map((judgement) => this.waiting(judgement)));
    return pageOf(
      waiting,
      limit,
      'queue',
      ({ judgement }) => [judgement.queuedAt!.toISOString(), judgement.submissionId],
      toQueueEntry,
    );
  }

  async work(submissionId: string): Promise<JudgedWorkView> {
    return toJudgedWork(await this.waiting(await this.judgements.get(submissionId)));
  }

  private async waiting(judgement: Judgement): Promise<Waiting> {
    const { submissionId, taskId } = judgement;
    return {
      judgement,
      seats: await this.judgements.seatsOf(submissionId),
      work: await this.submissions.get(workOf(judgement)),
      dispute: await this.disputes.ofTask(taskId),
    };
  }
}
