import { Injectable } from '@nestjs/common';
import type { OperatorIdentity } from '#kernel/caller';
import { Clock } from '#kernel/clock';
import type { Tx } from '#kernel/tx';
import { AuditLog } from '#modules/operators';
import { isInstant, matching, PAGE_SIZE, pageOf, placeOf, type PageQuery } from '#platform/http';
import { isCalibration } from '../domain/calibration.js';
import { JudgementStore } from '../persistence/judgement.store.js';
import { SubmissionUndecided } from '../validation.errors.js';
import { CalibrationStore, type CalibrationAnswer } from './calibration.store.js';
import { toKnownAnswer, type KnownAnswerPage } from './calibration.view.js';

const CURSOR = 'gold';
const PLACE = [isInstant, matching(/^sub_[0-9a-z]{8}$/)];

/** What operators load: decided work, and how it should be judged. */
@Injectable()
export class CalibrationAnswers {
  constructor(
    private readonly store: CalibrationStore,
    private readonly judgements: JudgementStore,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Real work with a verdict: what nobody has judged would not look like what validators get. */
  async load(
    tx: Tx,
    { submissionId, approved }: Pick<CalibrationAnswer, 'submissionId' | 'approved'>,
    by: { operator: OperatorIdentity; reason: string },
  ): Promise<CalibrationAnswer> {
    const judgement = await this.judgements.get(submissionId, tx);
    if (judgement.status !== 'decided' || isCalibration(judgement))
      throw new SubmissionUndecided(submissionId);
    const answer = { submissionId, approved, loadedBy: by.operator.id, loadedAt: this.clock.now() };
    await this.store.load(tx, answer);
    await this.audit.write(tx, { ...by, act: 'gold.load', subject: submissionId, details: { approved } });
    return answer;
  }

  async page({ cursor, limit = PAGE_SIZE }: PageQuery): Promise<KnownAnswerPage> {
    const found = await this.store.page(placeOf(cursor, CURSOR, PLACE), limit + 1);
    return pageOf(
      found,
      limit,
      CURSOR,
      ({ loadedAt, submissionId }) => [loadedAt.toISOString(), submissionId],
      toKnownAnswer,
    );
  }
}
