import { Injectable, Logger } from '@nestjs/common';
import { after, Clock, MINUTE_MS } from '../../../kernel/clock.js';
import { UnitOfWork } from '../../../kernel/db/unit-of-work.js';
import { DueWork, type DueWorker } from '../../../kernel/due/due-work.decorator.js';
import { SubmissionsService } from '../../tasks/index.js';
import { JudgementStore } from '../persistence/judgement.store.js';
import { PanelsService } from './panels.service.js';

/** The news of a submission arrives within seconds; after this long something went wrong with it. */
const MISSED_MS = MINUTE_MS;
const LOOKED_AT_MAX = 1_000;

/** Draws for submissions of which no news came. */
@Injectable()
@DueWork('missed-submissions')
export class MissedSubmissions implements DueWorker {
  private readonly logger = new Logger('MissedSubmissions');

  constructor(
    private readonly submissions: SubmissionsService,
    private readonly judgements: JudgementStore,
    private readonly panels: PanelsService,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async nextDue(): Promise<Date | null> {
    const [oldest] = await this.unopened();
    return oldest ? after(oldest.submittedAt, MISSED_MS) : null;
  }

  async run(): Promise<void> {
    const now = this.clock.now();
    for (const { id, submittedAt } of await this.unopened()) {
      if (after(submittedAt, MISSED_MS) > now) return;
      const work = await this.submissions.get(id);
      await this.work.run((tx) => this.panels.open(tx, work));
      this.logger.warn({ msg: 'drew for a missed submission', submissionId: id });
    }
  }

  private async unopened() {
    const pending = await this.submissions.pending(LOOKED_AT_MAX);
    const known = await this.judgements.known(pending.map(({ id }) => id));
    return pending.filter(({ id }) => !known.has(id));
  }
}
