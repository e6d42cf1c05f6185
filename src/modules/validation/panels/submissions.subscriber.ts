import { Injectable, Logger } from '@nestjs/common';
import { SubmissionsService } from '#modules/tasks';
import { UnitOfWork } from '#platform/database';
import { type RecordedEvent, OnDomainEvents } from '#platform/messaging';
import { DrawStore } from '../persistence/draw.store.js';
import { JudgementStore } from '../persistence/judgement.store.js';
import { PanelsService } from './panels.service.js';

/** One who has come fills few seats; the others are looked at within the hour. */
const FILLED_AT_ONCE = 20;

/** Draws a panel for what is submitted, and somebody for an empty seat as soon as there may be somebody. */
@Injectable()
export class SubmissionsSubscriber {
  private readonly logger = new Logger('SubmissionsSubscriber');

  constructor(
    private readonly submissions: SubmissionsService,
    private readonly judgements: JudgementStore,
    private readonly draws: DrawStore,
    private readonly panels: PanelsService,
    private readonly work: UnitOfWork,
  ) {}

  /** What was approved without validation is no longer pending, and needs nobody. */
  @OnDomainEvents(['task.submitted'], { subscriber: 'validation-draws' })
  async draw(news: readonly RecordedEvent<'task.submitted'>[]): Promise<void> {
    const works = await this.submissions.getMany(news.map(({ data }) => data.submission_id));
    for (const work of works.filter(({ submission }) => submission.status === 'pending'))
      await this.work.run((tx) => this.panels.open(tx, work));
  }

  /** Somebody new, or somebody who has become free. What fails here the clock comes back to within the hour. */
  @OnDomainEvents(['agent.verified', 'agent.reinstated', 'validation.closed'], {
    subscriber: 'validation-vacancies',
  })
  async fillVacancies(): Promise<void> {
    for (const id of await this.vacant())
      await this.work
        .run((tx) => this.panels.passTime(tx, id))
        .catch((error: unknown) =>
          this.logger.error({ msg: 'an empty seat stays empty', submissionId: id, error }),
        );
  }

  /** After the draw that is going on: it does not know of the newcomer, and nobody else knows of the seats it leaves. */
  private vacant(): Promise<string[]> {
    return this.work.run(async (tx) => {
      await this.draws.oneAtATime(tx);
      return this.judgements.vacant(FILLED_AT_ONCE, tx);
    });
  }
}
