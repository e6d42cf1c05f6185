import { Injectable } from '@nestjs/common';
import { Settings } from '#config/settings';
import { before, DAY_MS } from '#kernel/clock';
import { Database, UnitOfWork } from '#platform/database';
import { DueWork, Retaining } from '#platform/scheduling';
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
