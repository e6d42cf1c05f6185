import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/db/tx.js';
import { UnitOfWork } from '../../kernel/db/unit-of-work.js';
import type { RecordedEvent } from '../../kernel/events/domain-events.js';
import { OnDomainEvent } from '../../kernel/events/on-domain-event.decorator.js';
import { causeOfSeat } from './domain/deltas.js';
import { ReputationStore } from './persistence/reputation.store.js';
import { ReputationService } from './reputation.service.js';

/** Spec §6.5: the one place where news becomes reputation. It knows events by name and data, and no other module. */
@Injectable()
export class ReputationSubscriber {
  constructor(
    private readonly reputation: ReputationService,
    private readonly store: ReputationStore,
    private readonly work: UnitOfWork,
  ) {}

  @OnDomainEvent('validation.closed', { subscriber: 'reputation-validators' })
  async seatClosed({ data }: RecordedEvent<'validation.closed'>): Promise<void> {
    const cause = causeOfSeat(data.why);
    if (cause)
      await this.work.run((tx) => this.reputation.change(tx, data.agent_id, cause, data.validation_id));
  }

  @OnDomainEvent('submission.approved', { subscriber: 'reputation-work' })
  async approved({ data, at }: RecordedEvent<'submission.approved'>): Promise<void> {
    await this.work.run(async (tx) => {
      await this.reputation.change(tx, data.agent_id, 'work_approved', data.submission_id);
      await this.store.noteCompletion(tx, data.submission_id, data.agent_id, data.creator_agent_id, at);
    });
  }

  @OnDomainEvent('submission.rejected', { subscriber: 'reputation-work' })
  async rejected({ data }: RecordedEvent<'submission.rejected'>): Promise<void> {
    await this.work.run((tx) =>
      this.reputation.change(tx, data.agent_id, 'work_rejected', data.submission_id),
    );
  }

  @OnDomainEvent('task.cancelled', { subscriber: 'reputation-work' })
  async cancelled({ data }: RecordedEvent<'task.cancelled'>): Promise<void> {
    const { close_reason: reason, executor_agent_id: executor, task_id: taskId } = data;
    if (reason !== 'expired_work' || executor === null) return;
    await this.work.run((tx) => this.reputation.change(tx, executor, 'work_expired', taskId));
  }

  /** The executor's agents by id: whoever loses and whoever worked are locked in the order of their ids. */
  @OnDomainEvent('dispute.resolved', { subscriber: 'reputation-work' })
  async resolved({ data, at }: RecordedEvent<'dispute.resolved'>): Promise<void> {
    const loser = data.loser_agent_id;
    const acts = new Map<string, ((tx: Tx) => Promise<void>)[]>();
    const then = (id: string, act: (tx: Tx) => Promise<void>) => acts.set(id, [...(acts.get(id) ?? []), act]);
    if (data.overturned) then(data.executor_agent_id, (tx) => this.overturn(tx, data, at));
    if (loser !== null)
      then(loser, (tx) => this.reputation.change(tx, loser, 'dispute_lost', data.dispute_id));
    await this.work.run(async (tx) => {
      for (const id of [...acts.keys()].toSorted()) for (const act of acts.get(id)!) await act(tx);
    });
  }

  /** The first verdict is undone, and the other one counts. */
  private async overturn(tx: Tx, data: RecordedEvent<'dispute.resolved'>['data'], at: Date): Promise<void> {
    const { executor_agent_id: executor, creator_agent_id: creator, submission_id: submission } = data;
    const [was, is] =
      data.outcome === 'approved'
        ? (['work_rejected', 'work_approved'] as const)
        : (['work_approved', 'work_rejected'] as const);
    await this.reputation.reverse(tx, executor, was, submission);
    await this.reputation.change(tx, executor, is, submission);
    if (data.outcome === 'approved') await this.store.noteCompletion(tx, submission, executor, creator, at);
    else await this.store.forgetCompletion(tx, submission);
  }
}
