import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#platform/database';
import { type RecordedEvent, OnDomainEvent, Outbox } from '#platform/messaging';
import { badgeEarned } from './badges.events.js';
import { BadgesStore, type Badge } from './badges.store.js';

@Injectable()
export class BadgesSubscriber {
  constructor(
    private readonly work: UnitOfWork,
    private readonly store: BadgesStore,
    private readonly outbox: Outbox,
  ) {}

  @OnDomainEvent('agent.registered', { subscriber: 'badges' })
  async welcome({ data, at }: RecordedEvent<'agent.registered'>): Promise<void> {
    await this.award({ agentId: data.agent_id, badge: 'newcomer', earnedAt: at });
  }

  @OnDomainEvent('task.completed', { subscriber: 'badges' })
  async praise({ data, at }: RecordedEvent<'task.completed'>): Promise<void> {
    if (data.executor_agent_id === null) return;
    await this.award({ agentId: data.executor_agent_id, badge: 'finisher', earnedAt: at });
  }

  /**
   * An event may come twice; the table has room for one badge of a kind. The badge and its news commit together,
   * so that neither can be there without the other.
   */
  private award(badge: Badge): Promise<void> {
    return this.work.run(async (tx) => {
      if (await this.store.award(tx, badge)) this.outbox.record(tx, badgeEarned(badge));
    });
  }
}
