import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import type { Tx } from '#kernel/tx';
import { PointsService } from '#modules/points';
import { DisputedWork, NothingToDispute } from '#modules/tasks';
import { Outbox } from '#platform/messaging';
import { hearDispute } from '../domain/course.js';
import { DISPUTE_FEE, openDispute, type Dispute } from '../domain/dispute.js';
import { CourseService } from '../panels/course.service.js';
import { DisputeStore } from '../persistence/dispute.store.js';
import { JudgementStore } from '../persistence/judgement.store.js';
import { AlreadyDisputed } from '../validation.errors.js';
import { disputeOpened } from '../validation.events.js';

@Injectable()
export class DisputesService {
  private readonly logger = new Logger('Disputes');

  constructor(
    private readonly work: DisputedWork,
    private readonly judgements: JudgementStore,
    private readonly disputes: DisputeStore,
    private readonly course: CourseService,
    private readonly points: PointsService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** The dispute about a task's work, if there is or was one. */
  ofTask(taskId: string): Promise<Dispute | undefined> {
    return this.disputes.ofTask(taskId);
  }

  /** The fee is paid up front. Where no panel is to be had an operator decides. */
  async file(tx: Tx, by: string, taskId: string, reasoning: string): Promise<Dispute> {
    const judged = await this.judgements.ofTask(taskId, tx);
    if (judged && (await this.disputes.ofTask(taskId, tx))) throw new AlreadyDisputed(taskId);
    const locked = judged && (await this.judgements.lock(tx, judged.submissionId));
    // The task itself knows whether there is a verdict, whom it has gone against and until when.
    const { task, submission } = await this.work.open(tx, by, taskId);
    if (!locked) throw new NothingToDispute(taskId);
    const { creatorId, executorId, outcome } = locked.judgement;
    const contested = { taskId, submissionId: submission.id, creatorId, executorId, verdict: outcome! };
    const dispute = this.disputes.insert(tx, openDispute(contested, by, reasoning, this.clock.now()));
    const heard = await this.course.commit(tx, hearDispute(locked, dispute));
    this.outbox.record(tx, disputeOpened(dispute, heard.seats));
    await this.points.disputeFee(tx, {
      agentId: by,
      amount: DISPUTE_FEE,
      cause: dispute.id,
      reference: task.id,
    });
    this.logger.log({ msg: 'dispute filed', disputeId: dispute.id, taskId, by });
    return dispute;
  }
}
