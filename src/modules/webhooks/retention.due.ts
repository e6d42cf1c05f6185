import { Injectable } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { before, DAY_MS } from '../../kernel/clock.js';
import { Database } from '../../kernel/db/database.js';
import { UnitOfWork } from '../../kernel/db/unit-of-work.js';
import { DueWork } from '../../kernel/due/due-work.decorator.js';
import { Retaining } from '../../kernel/due/retaining.js';
import { DeliveryLogStore } from './persistence/delivery-log.store.js';

/** As long as the inbox keeps its events. */
const LOG_KEPT_MS = 30 * DAY_MS;

@Injectable()
@DueWork('webhook-log-retention')
export class WebhookLogRetention extends Retaining {
  protected readonly name = 'webhook-log-retention';

  constructor(
    database: Database,
    work: UnitOfWork,
    settings: Settings,
    private readonly log: DeliveryLogStore,
  ) {
    super(database, work, settings);
  }

  protected async *forget(period: Date): AsyncGenerator<void> {
    for (let from: string | undefined = '0'; from !== undefined;) {
      from = await this.log.forgetNextBefore(before(period, LOG_KEPT_MS), from);
      yield;
    }
  }
}
