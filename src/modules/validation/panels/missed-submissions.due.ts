import { Injectable, Logger } from '@nestjs/common';
import { after, Clock, MINUTE_MS } from '#kernel/clock';
import { SubmissionsService, type PendingSubmission } from '#modules/tasks';
import { UnitOfWork } from '#platform/database';
import { DueWork, type DueWorker } from '#platform/scheduling';
import { JudgementStore } from '../persistence/judgement.store.js';
import { PanelsService } from './panels.service.js';

/** The news of a submission arrives within seconds; after this long something went wrong with it. */
const MISSED_MS = MINUTE_MS;
const CHUNK = 1_000;

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
    for await (const { submittedAt } of this.unopened()) return after(submittedAt, MISSED_MS);
    return null;
  }

  /** One that fails is told at the end, and does not keep the others from their panels. */
  async run(): Promise<void> {
    const now = this.clock.now();
    const failures: unknown[] = [];
    for await (const { id, submittedAt } of this.unopened()) {
      if (after(submittedAt, MISSED_MS) > now) break;
      await this.open(id).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0)
      throw new Error(`No draw for ${failures.length} missed submissions.`, { cause: failures[0] });
  }

  private async open(id: string): Promise<void> {
    const work = await this.submissions.get(id);
    await this.work.run((tx) => this.panels.open(tx, work));
    this.logger.warn({ msg: 'drew for a missed submission', submissionId: id });
  }

  /** The oldest first. Those that wait for somebody who may judge them are any number. */
  private async *unopened(): AsyncIterable<PendingSubmission> {
    for await (const chunk of this.submissions.pending(CHUNK)) {
      const known = await this.judgements.known(chunk.map(({ id }) => id));
      yield* chunk.filter(({ id }) => !known.has(id));
    }
  }
}
