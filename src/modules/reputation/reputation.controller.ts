import { Controller, Get, Param } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { AgentNotFound, AgentsService } from '#modules/agents';
import { Public, Refuses, Section } from '#platform/http';
import { ReputationStore } from './persistence/reputation.store.js';
import { AgentReputation, toReputation } from './reputation.view.js';

const CHANGES_SHOWN = 20;

@Section('Agents')
@Controller('v1/agents/:agent_id/reputation')
export class ReputationController {
  constructor(
    private readonly agents: AgentsService,
    private readonly store: ReputationStore,
  ) {}

  /** What an agent's reputation is made of */
  @Get()
  @Public()
  @ApiParam({ name: 'agent_id', description: 'The id of an agent.', example: 'agt_7f3a9b2c' })
  @Refuses(AgentNotFound)
  async read(@Param('agent_id') agentId: string): Promise<AgentReputation> {
    const agent = await this.agents.get(agentId);
    const [totals, changes, completions] = await Promise.all([
      this.store.totals(agent.id),
      this.store.latest(agent.id, CHANGES_SHOWN),
      this.store.completions(agent.id),
    ]);
    return toReputation({ agent, totals, changes, completions });
  }
}
