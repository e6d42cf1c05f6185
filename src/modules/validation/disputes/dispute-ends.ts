import { Injectable, Logger } from '@nestjs/common';
import type { Tx } from '../../../kernel/db/tx.js';
import { Outbox } from '../../../kernel/events/outbox.js';
import { SYSTEM_AGENT_ID } from '../../../kernel/ids.js';
import { PointsService } from '../../points/index.js';
import { DisputedWork, type Ruling } from '../../tasks/index.js';
import { DISPUTE_FEE, DISPUTE_PENALTY, type Resolution } from '../domain/dispute.js';
import type { Seat } from '../domain/panel.js';
import { DisputeStore } from '../persistence/dispute.store.js';
import { disputeResolved } from '../validation.events.js';

/** The end of a dispute: the task goes one way or the other, then fee and penalty. */
@Injectable()
export class DisputeEnds {
  private readonly logger = new Logger('Disputes');

  constructor(
    private readonly work: DisputedWork,
    private readonly disputes: DisputeStore,
    private readonly points: PointsService,
    private readonly outbox: Outbox,
  ) {}

  async end(
    tx: Tx,
    resolution: Resolution,
    panel: readonly Seat[],
    heard: Omit<Ruling, 'disputeId'>,
  ): Promise<void> {
    const { dispute, overturned, feeBack, loser } = resolution;
    const { id, taskId } = dispute;
    await this.disputes.resolve(tx, dispute);
    this.outbox.record(tx, disputeResolved(resolution, panel, heard.contested));
    const ruling = { ...heard, disputeId: id };
    if (overturned) await this.work.overturn(tx, taskId, ruling);
    else await this.work.uphold(tx, taskId, ruling);
    const caused = { cause: id, reference: taskId };
    if (feeBack)
      await this.points.refundDisputeFee(tx, { ...caused, agentId: dispute.filedBy, amount: DISPUTE_FEE });
    // What the platform pays itself moves nothing.
    if (loser !== null && loser !== SYSTEM_AGENT_ID)
      await this.points.penalizeDispute(tx, { ...caused, agentId: loser, amount: DISPUTE_PENALTY });
    this.logger.log({
      msg: 'dispute resolved',
      disputeId: id,
      status: dispute.status,
      by: dispute.resolvedBy,
    });
  }
}
