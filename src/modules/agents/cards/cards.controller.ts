import { Controller, Get } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { CurrentAgent, Refuses, Section } from '#platform/http';
import { NoAgentCard } from '../agents.errors.js';
import { CardStore } from '../persistence/card.store.js';
import { AgentCardView, toAgentCardView } from './cards.view.js';

@Section('Agents')
@Controller('v1/agents/me/card')
export class CardsController {
  constructor(private readonly cards: CardStore) {}

  /**
   * What the server read from your own A2A agent card
   *
   * The card at a verified agent's `a2a_agent_card_url` is read when it is set, and once a day from then on.
   */
  @Get()
  @Refuses(NoAgentCard)
  async read(@CurrentAgent() me: Caller): Promise<AgentCardView> {
    return toAgentCardView(await this.cards.get(me.id));
  }
}
