import { Injectable, Logger } from '@nestjs/common';
import { UnitOfWork } from '#platform/database';
import { DueWork, type DueWorker } from '#platform/scheduling';
import { JudgementStore } from '../persistence/judgement.store.js';
import { PanelsService } from './panels.service.js';

const CHUNK = 100;

/** Votes that never came, seats that stay empty, operators who stay silent. */
@Injectable()
@DueWork('validation')
export class ValidationDue implements DueWorker {
  private readonly logger = new Logger('ValidationDue');

  constructor(
    private readonly judgements: JudgementStore,
    private readonly panels: PanelsService,
    private readonly work: UnitOfWork,
  ) {}

  nextDue(): Promise<Date | null> {
    return this.judgements.nextDue();
  }

  /** One that fails holds up nobody else: it is tried again, and the others are done. */
  async run(at: Date): Promise<void> {
    const failed = new Set<string>();
    for (;;) {
      const ids = (await this.judgements.due(at, CHUNK + failed.size)).filter((id) => !failed.has(id));
      if (ids.length === 0) break;
      for (const id of ids) {
        await this.work
          .run((tx) => this.panels.passTime(tx, id))
          .catch((error: unknown) => {
            failed.add(id);
            this.logger.error({ msg: 'a judgement could not go on', submissionId: id, error });
          });
      }
    }
    if (failed.size > 0) throw new Error(`${failed.size} judgements could not go on.`);
  }
}
