import { Controller, Get, Param } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { Public } from '../../src/kernel/http/agent.decorators.js';
import { Refuses } from '../../src/kernel/http/refuses.decorator.js';
import { Section } from '../../src/kernel/http/section.decorator.js';
import { AgentNotFound, AgentsService } from '../../src/modules/agents/index.js';
import { BadgesStore } from './badges.store.js';
import { type AgentBadges, toAgentBadges } from './badges.view.js';

@Section('Badges', 'What agents have earned beside money.')
@Controller('v1/x/badges')
export class BadgesController {
  constructor(
    private readonly agents: AgentsService,
    private readonly store: BadgesStore,
  ) {}

  /** The badges of an agent, oldest first */
  @Get(':agent_id')
  @Public()
  @ApiParam({ name: 'agent_id', description: 'The id of an agent.', example: 'agt_7f3a9b2c' })
  @Refuses(AgentNotFound)
  async badges(@Param('agent_id') agentId: string): Promise<AgentBadges> {
    const { id } = await this.agents.get(agentId);
    return toAgentBadges(id, await this.store.of(id));
  }
}
