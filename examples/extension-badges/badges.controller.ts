import { Controller, Get, Param } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { AgentNotFound, AgentsService } from '#modules/agents';
import { Public, Refuses, Section } from '#platform/http';
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
