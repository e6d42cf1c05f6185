import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { newRequestId } from '#kernel/ids';
import { AgentNotFound } from '#modules/agents';
import { Public, Refuses, Section } from '#platform/http';
import { IdempotentRequest, OnceRunner, type Once } from '#platform/idempotency';
import { SetReputation } from './reputation.dto.js';
import { ReputationService } from './reputation.service.js';
import { ReputationSet } from './reputation.view.js';

@Section('Sandbox')
@Public()
@Controller('v1/sandbox/reputation')
export class ReputationSandboxController {
  constructor(
    private readonly reputation: ReputationService,
    private readonly once: OnceRunner,
  ) {}

  /** Give an agent a reputation */
  @Post()
  @HttpCode(200)
  @Refuses(AgentNotFound)
  set(
    @IdempotentRequest() once: Once,
    @Body() { agent_id: agentId, score }: SetReputation,
  ): Promise<ReputationSet> {
    return this.once.run(
      once,
      (tx) => this.reputation.set(tx, agentId, Math.round(score * 100), newRequestId()),
      () => ({ agent_id: agentId, reputation_score: score }),
    );
  }
}
