import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import type { Tx } from '#kernel/tx';
import { NextActions } from '#platform/http';
import type { Dispute } from '../domain/dispute.js';
import { JudgementStore } from '../persistence/judgement.store.js';
import { toDispute, type DisputeView } from './disputes.view.js';

@Injectable()
export class DisputesPresenter {
  constructor(
    private readonly judgements: JudgementStore,
    private readonly nextActions: NextActions,
  ) {}

  /** With what the caller may do: a panelist votes. */
  async dispute(dispute: Dispute, caller: Caller | undefined, tx?: Tx): Promise<DisputeView> {
    const judgement = await this.judgements.get(dispute.submissionId, tx);
    const seats = await this.judgements.seatsOf(dispute.submissionId, tx);
    return toDispute(dispute, await this.nextActions.of('judgement', { judgement, seats }, caller));
  }
}
