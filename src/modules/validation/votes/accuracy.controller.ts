import { Controller, Get, Param } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { AgentNotFound, AgentsService } from '#modules/agents';
import { Public, Refuses, Section } from '#platform/http';
import { accuracyOf, isReliable } from '../domain/accuracy.js';
import { CandidateStore } from '../persistence/candidate.store.js';
import { SettingsStore } from '../persistence/settings.store.js';
import { AccuracyView } from './accuracy.view.js';

@Section('Validations')
@Controller('v1/agents/:agent_id/validation-accuracy')
export class AccuracyController {
  constructor(
    private readonly agents: AgentsService,
    private readonly candidates: CandidateStore,
    private readonly settings: SettingsStore,
  ) {}

  /** How often an agent judged right over its last 20 assignments, by the final outcome of the work */
  @Get()
  @Public()
  @ApiParam({ name: 'agent_id', description: 'The id of an agent.', example: 'agt_7f3a9b2c' })
  @Refuses(AgentNotFound)
  async accuracy(@Param('agent_id') agentId: string): Promise<AccuracyView> {
    const { id } = await this.agents.get(agentId);
    const outcomes = await this.candidates.outcomesOf(id);
    const { wilson_accuracy: byWilson } = await this.settings.get();
    const accuracy = accuracyOf(outcomes);
    return {
      agent_id: id,
      judged: outcomes.length,
      right: outcomes.filter(Boolean).length,
      accuracy: accuracy === null ? null : Math.round(accuracy * 10_000) / 10_000,
      reliable: isReliable(outcomes, byWilson ? 'wilson' : 'ratio'),
    };
  }
}
