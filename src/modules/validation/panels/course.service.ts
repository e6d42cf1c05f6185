import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import { SYSTEM_AGENT_ID } from '#kernel/ids';
import type { Tx } from '#kernel/tx';
import { PointsService } from '#modules/points';
import { CalibrationTasks, DisputedWork, SubmissionsService, type Work } from '#modules/tasks';
import { Outbox } from '#platform/messaging';
import type { Change, LockedJudgement, Ruling, WorkOrder } from '../domain/change.js';
import { goOn } from '../domain/course.js';
import { DISPUTE_FEE, DISPUTE_PENALTY, type Resolution } from '../domain/dispute.js';
import type { Judgement } from '../domain/judgement.js';
import type { Candidate } from '../domain/select-validators.js';
import { DisputeStore } from '../persistence/dispute.store.js';
import { JudgementStore } from '../persistence/judgement.store.js';
import { Drawing } from './drawing.js';

/** The one place where a change of a judgement is committed, whoever acts: validators, parties, operators or time. */
@Injectable()
export class CourseService {
  private readonly logger = new Logger('Judgements');

  constructor(
    private readonly judgements: JudgementStore,
    private readonly disputes: DisputeStore,
    private readonly drawing: Drawing,
    private readonly submissions: SubmissionsService,
    private readonly disputedWork: DisputedWork,
    private readonly calibrations: CalibrationTasks,
    private readonly points: PointsService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Locks the judgement, lets the act decide, and commits what it decides; nothing where there is nothing to do. */
  async act(
    tx: Tx,
    submissionId: string,
    decide: (locked: LockedJudgement, at: Date) => Change | undefined | Promise<Change | undefined>,
  ): Promise<LockedJudgement> {
    const locked = await this.judgements.lock(tx, submissionId);
    const dispute =
      locked.judgement.panel.kind === 'dispute'
        ? await this.disputes.ofSubmission(tx, submissionId)
        : undefined;
    const change = await decide({ ...locked, dispute }, this.clock.now());
    return change ? this.commit(tx, change) : locked;
  }

  /** Draws where seats are wanted, and lets the judgement go on until it waits for somebody. */
  async commit(tx: Tx, change: Change, candidates?: readonly Candidate[]): Promise<LockedJudgement> {
    for (let next = change; ;) {
      const saved = await this.save(tx, next);
      if (next.draw === undefined) return saved;
      const drawn = await this.drawing.seat(tx, next, next.draw, candidates);
      next = goOn(next, drawn, next.draw, this.clock.now());
    }
  }

  /** The seats, the judgement, the news, then the work and, last, the money. */
  private async save(tx: Tx, change: Change): Promise<LockedJudgement> {
    const { judgement, seats, dispute, work } = change;
    const at = this.clock.now();
    if (change.vote) await this.judgements.vote(tx, change.vote);
    if (change.ended) await this.judgements.end(tx, change.ended, at);
    if (change.judged) await this.judgements.judge(tx, change.judged);
    // Whatever is drawn now is saved with what follows from it.
    if (change.draw === undefined) await this.judgements.save(tx, change, at);
    this.outbox.record(tx, ...change.events);
    this.log(change);
    if (!work) return { judgement, seats, dispute };
    return { judgement: await this.carryOut(tx, judgement, work), seats, dispute };
  }

  private async carryOut(tx: Tx, judgement: Judgement, work: WorkOrder): Promise<Judgement> {
    const { submissionId } = judgement;
    switch (work.kind) {
      case 'start':
        await this.submissions.startValidation(tx, submissionId, work.panel);
        return judgement;
      case 'settle': {
        const feeBurnt = feeOf(await this.submissions.settle(tx, submissionId, work.outcome, work.votes));
        if (feeBurnt !== null) await this.judgements.noteFee(tx, submissionId, feeBurnt);
        return { ...judgement, feeBurnt };
      }
      case 'resolve':
        await this.resolve(tx, work.resolution, work.ruling);
        return judgement;
      case 'withdraw':
        await this.calibrations.withdraw(tx, judgement.taskId);
        return judgement;
    }
  }

  /** The task goes one way or the other, then fee and penalty. What the platform pays itself moves nothing. */
  private async resolve(tx: Tx, resolution: Resolution, ruling: Ruling): Promise<void> {
    const { dispute, overturned, feeBack, loser } = resolution;
    const { id: disputeId, taskId } = dispute;
    await this.disputes.resolve(tx, dispute);
    if (overturned) await this.disputedWork.overturn(tx, taskId, ruling);
    else await this.disputedWork.uphold(tx, taskId, ruling);
    const caused = { cause: disputeId, reference: taskId };
    if (feeBack)
      await this.points.refundDisputeFee(tx, { ...caused, agentId: dispute.filedBy, amount: DISPUTE_FEE });
    if (loser !== null && loser !== SYSTEM_AGENT_ID)
      await this.points.penalizeDispute(tx, { ...caused, agentId: loser, amount: DISPUTE_PENALTY });
  }

  private log({ judgement, work }: Change): void {
    const { submissionId, status, decidedBy, panel } = judgement;
    if (status === 'queued')
      this.logger.log({ msg: 'waits for an operator', submissionId, panel: panel.kind });
    if (work?.kind === 'settle')
      this.logger.log({ msg: 'submission judged', submissionId, outcome: work.outcome, by: decidedBy });
    if (work?.kind === 'resolve') {
      const { id: disputeId, status: end, resolvedBy } = work.resolution.dispute;
      this.logger.log({ msg: 'dispute resolved', disputeId, status: end, by: resolvedBy });
    }
  }
}

const feeOf = ({ task }: Work): string | null =>
  task.status === 'completed' && task.acceptedCurrency === 'points' ? task.payoutFee : null;
