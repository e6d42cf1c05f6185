import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../kernel/db/tx.js';
import { Outbox } from '../../../kernel/events/outbox.js';
import { agentUpdated } from '../agents.events.js';
import { AgentStore } from '../persistence/agent.store.js';

/** Shows on an agent the tags of its card: in its profile, to the filter and to searches, and for matches. */
@Injectable()
export class CardTags {
  constructor(
    private readonly agents: AgentStore,
    private readonly outbox: Outbox,
  ) {}

  /** Under the agent's lock. Those who wait for the agent are told of a change, and of nothing else. */
  async show(tx: Tx, agentId: string, tags: readonly string[]): Promise<void> {
    const hasChanged = await this.agents.setCardSpecializations(tx, agentId, tags);
    if (hasChanged) this.outbox.record(tx, agentUpdated(agentId));
  }
}
