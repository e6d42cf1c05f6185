import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import { UnitOfWork } from '#platform/database';
import { type RecordedEvent, OnDomainEvent } from '#platform/messaging';
import { showCardTags } from '../domain/show-card-tags.js';
import { AgentStore } from '../persistence/agent.store.js';
import { CardStore } from '../persistence/card.store.js';
import { RegistryService } from '../registry/registry.service.js';

/**
 * Keeps the list of cards to read. Those of verified agents alone: nobody else is told of matches, and whoever only
 * registers must not have this server make requests.
 */
@Injectable()
export class CardFollowing {
  constructor(
    private readonly agents: AgentStore,
    private readonly cards: CardStore,
    private readonly registry: RegistryService,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** By what the agent is now, under its lock: the news may come twice. */
  @OnDomainEvent(['agent.verified', 'agent.updated', 'agent.suspended', 'agent.reinstated'], {
    subscriber: 'agent-cards',
  })
  async follow({ subject }: RecordedEvent): Promise<void> {
    await this.work.run(async (tx) => {
      const agent = await this.agents.lock(tx, subject);
      const { id, status, a2aCardUrl } = agent;
      // It may still read what was understood of its card. Nobody reads the card anew meanwhile.
      if (status === 'suspended') return;
      const isRead = status === 'verified' && a2aCardUrl !== null;
      if (isRead && !(await this.cards.follow(tx, id, a2aCardUrl, this.clock.now()))) return;
      if (!isRead) await this.cards.forget(tx, id);
      // What another card has said of the agent is not so any more.
      await this.registry.act(tx, agent, (one) => showCardTags(one, []));
    });
  }
}
