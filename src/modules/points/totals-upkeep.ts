import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Clock, MINUTE_MS } from '#kernel/clock';
import { LedgerAudit } from './audit.service.js';

/** A movement of two legs draws three ids. Figures sum up a tail of this length in some 30 ms. */
const TAIL_IDS_MAX = 100_000;

/** Figures read the totals and sum up the tail behind them: on a busy day the tail is cut long before the nightly check. */
@Injectable()
export class TotalsUpkeep {
  private readonly logger = new Logger('LedgerTotals');

  constructor(
    private readonly ledger: LedgerAudit,
    private readonly clock: Clock,
  ) {}

  @Interval(MINUTE_MS)
  async keepShort(): Promise<void> {
    try {
      if ((await this.ledger.idsNotSummedUp()) > TAIL_IDS_MAX) await this.ledger.rollUp(this.clock.now());
    } catch (error) {
      this.logger.warn({ msg: 'the ledger was not summed up', error });
    }
  }
}
