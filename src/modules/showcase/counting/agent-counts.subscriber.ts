import { Injectable } from '@nestjs/common';
import { utcDay } from '../../../kernel/clock.js';
import { UnitOfWork } from '../../../kernel/db/unit-of-work.js';
import { OnDomainEvent } from '../../../kernel/events/on-domain-event.decorator.js';
import { AgentsService, SYSTEM_AGENT_ID, type Agent } from '../../agents/index.js';
import { agentChanges, type CountedAgent } from '../domain/contribution.js';
import { CountStore } from '../persistence/count.store.js';

/** Counts who comes and is verified, and keeps leaderboards at what each agent is now. */
@Injectable()
export class AgentCounts {
  constructor(
    private readonly agents: AgentsService,
    private readonly store: CountStore,
    private readonly work: UnitOfWork,
  ) {}

  @OnDomainEvent(
    ['agent.registered', 'agent.verified', 'agent.suspended', 'agent.reinstated', 'reputation.changed'],
    { subscriber: 'showcase-agents' },
  )
  async count({ subject, at }: { subject: string; at: Date }): Promise<void> {
    const now = countedOf(await this.agents.get(subject));
    await this.work.run(async (tx) => {
      const before = await this.store.lockAgent(tx, subject);
      await this.store.addDays(tx, agentChanges(before, now));
      await this.store.keepAgent(tx, subject, now, utcDay(at));
    });
  }
}

const countedOf = ({ id, status, createdAt, verifiedAt, reputationScore }: Agent): CountedAgent => ({
  registered: utcDay(createdAt),
  verified: verifiedAt && utcDay(verifiedAt),
  isListed: status !== 'suspended' && id !== SYSTEM_AGENT_ID,
  reputation: reputationScore,
});
