import { Injectable } from '@nestjs/common';
import { before, DAY_MS } from '../../kernel/clock.js';
import { Database } from '../../kernel/db/database.js';
import type { Tx } from '../../kernel/db/tx.js';
import { UnitOfWork } from '../../kernel/db/unit-of-work.js';
import { DueWork } from '../../kernel/due/due-work.decorator.js';
import { Periodic } from '../../kernel/due/periodic.js';
import { DeliveryLogStore } from './persistence/delivery-log.store.js';

/** As long as the inbox keeps its events. */
const LOG_KEPT_MS = 30 * DAY_MS;

@Injectable()
@DueWork('webhook-log-retention')
export class WebhookLogRetention extends Periodic {
  protected readonly name = 'webhook-log-retention';
  protected readonly everyMs = DAY_MS;

  constructor(
    database: Database,
    work: UnitOfWork,
    private readonly log: DeliveryLogStore,
  ) {
    super(database, work);
  }

  protected async once(tx: Tx, period: Date): Promise<void> {
    await this.log.forgetBefore(tx, before(period, LOG_KEPT_MS));
  }
}
