import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { Tx } from '../../../kernel/db/tx.js';
import { SubmissionsService, type Work } from '../../tasks/index.js';
import { lapse, resolve, type Outcome } from '../domain/dispute.js';
import { countVotes, decidingVotes, wasRight, type DecidedBy } from '../domain/judgement.js';
import { ended, revealedPanel, type Seat } from '../domain/panel.js';
import { DisputeEnds } from '../disputes/dispute-ends.js';
import { DisputeStore } from '../persistence/dispute.store.js';
import { JudgementStore, type Held } from '../persistence/judgement.store.js';
import { Closing } from './closing.js';

/** What a verdict does, whoever has found it: seats end, the work is settled or its dispute is, money moves last. */
@Injectable()
export class Verdicts {
  private readonly logger = new Logger('Verdicts');

  constructor(
    private readonly submissions: SubmissionsService,
    private readonly disputes: DisputeStore,
    private readonly disputeEnds: DisputeEnds,
    private readonly judgements: JudgementStore,
    private readonly closing: Closing,
    private readonly clock: Clock,
  ) {}

  conclude(tx: Tx, held: Held, outcome: Outcome, by: DecidedBy): Promise<Held> {
    return held.judgement.panel.kind === 'dispute'
      ? this.endDispute(tx, held, outcome, by)
      : this.settle(tx, held, outcome, by);
  }

  /** What is known beforehand is compared with, and moves nothing. */
  async reveal(tx: Tx, held: Held): Promise<Held> {
    const { knownAnswer, panel } = held.judgement;
    const outcome: Outcome = knownAnswer ? 'approved' : 'rejected';
    const closed = await this.closing.close(tx, held, ended(panel, held.seats, outcome));
    const judgement = { ...closed.judgement, panel: revealedPanel(panel) };
    return this.decided(tx, { ...closed, judgement }, outcome, 'panel');
  }

  private async settle(tx: Tx, held: Held, outcome: Outcome, by: DecidedBy): Promise<Held> {
    const { submissionId } = held.judgement;
    const closed = await this.closing.close(tx, held, ended(held.judgement.panel, held.seats, outcome));
    const decided = await this.decided(tx, closed, outcome, by);
    const votes = decidingVotes(held.judgement, held.seats);
    const settlement = await this.submissions.settle(tx, submissionId, outcome, {
      ...countVotes(votes),
      decidedBy: by,
      ratings: ratingsOf(held.seats),
    });
    const feeBurnt = feeOf(settlement);
    if (feeBurnt !== null) await this.judgements.noteFee(tx, submissionId, feeBurnt);
    this.logger.log({ msg: 'submission judged', submissionId, outcome, by });
    return { ...decided, judgement: { ...decided.judgement, feeBurnt } };
  }

  private async endDispute(tx: Tx, held: Held, outcome: Outcome, by: DecidedBy): Promise<Held> {
    const at = this.clock.now();
    const dispute = await this.disputes.ofSubmission(tx, held.judgement.submissionId);
    const resolution = by === 'silence' ? lapse(dispute!, at) : resolve(dispute!, outcome, by, at);
    const found = by === 'silence' ? dispute!.verdict : outcome;
    const closed = await this.closing.close(tx, held, ended(held.judgement.panel, held.seats, found));
    const contested = held.judgement.decidedBy!;
    // Whoever upholds what silence had approved is the first to judge it.
    const isNews = resolution.overturned || contested === 'silence';
    const decided = await this.decided(tx, closed, found, isNews ? by : contested);
    const panel = held.seats.filter((seat) => seat.panel === 'dispute');
    await this.disputeEnds.end(tx, resolution, panel, {
      ...countVotes(panel),
      contested,
      decidedBy: by,
      ratings: ratingsOf(panel),
    });
    return decided;
  }

  /** Whoever voted was right or wrong by what has become of the work. */
  private async decided(tx: Tx, { judgement, seats }: Held, outcome: Outcome, by: DecidedBy): Promise<Held> {
    const at = this.clock.now();
    const decided: Held = {
      seats,
      judgement: {
        ...judgement,
        panel: { ...judgement.panel, vacant: 0, vacantUntil: null },
        status: 'decided',
        outcome,
        decidedBy: by,
        decidedAt: outcome === judgement.outcome ? judgement.decidedAt : at,
        // An overturned approval gives the fee back; of an overturned rejection perhaps nobody could pay one.
        feeBurnt: outcome === judgement.outcome ? judgement.feeBurnt : null,
        queuedAt: null,
      },
    };
    await this.judgements.judge(
      tx,
      seats.map((seat) => ({ id: seat.id, agentId: seat.agentId, wasRight: wasRight(seat, outcome) })),
    );
    await this.judgements.save(tx, decided, at);
    return decided;
  }
}

const ratingsOf = (seats: readonly Seat[]): number[] =>
  seats.flatMap(({ scores }) => (scores ? [scores.quality] : []));

const feeOf = ({ task }: Work): string | null =>
  task.status === 'completed' && task.acceptedCurrency === 'points' ? task.payoutFee : null;
