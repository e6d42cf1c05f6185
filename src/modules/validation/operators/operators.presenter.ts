import { Injectable } from '@nestjs/common';
import {
  isInstant,
  matching,
  PAGE_SIZE,
  pageOf,
  placeOf,
  type PageQuery,
} from '../../../kernel/http/pages.js';
import { SubmissionsService } from '../../tasks/index.js';
import { DisputeStore } from '../persistence/dispute.store.js';
import { GoldStore } from '../persistence/gold.store.js';
import { JudgementStore } from '../persistence/judgement.store.js';
import type { Judgement } from '../domain/judgement.js';
import {
  toJudgedWork,
  toKnownAnswer,
  toQueueEntry,
  type JudgedWorkView,
  type KnownAnswerPage,
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
    private readonly gold: GoldStore,
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

  async knownAnswers({ cursor, limit = PAGE_SIZE }: PageQuery): Promise<KnownAnswerPage> {
    const found = await this.gold.page(placeOf(cursor, 'gold', PLACE), limit + 1);
    return pageOf(
      found,
      limit,
      'gold',
      ({ loadedAt, submissionId }) => [loadedAt.toISOString(), submissionId],
      toKnownAnswer,
    );
  }

  private async waiting(judgement: Judgement): Promise<Waiting> {
    const { submissionId, sourceSubmissionId, taskId } = judgement;
    return {
      judgement,
      seats: await this.judgements.seatsOf(submissionId),
      work: await this.submissions.get(sourceSubmissionId ?? submissionId),
      dispute: await this.disputes.ofTask(taskId),
    };
  }
}
