import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import type { OperatorIdentity } from '#kernel/caller';
import { AuditLog, CurrentOperator, Operator, ReasonedAct } from '#modules/operators';
import { Refuses, Section } from '#platform/http';
import { IdempotentRequest, OnceRunner, type Once } from '#platform/idempotency';
import { AgentNotFound, AlreadySuspended, NotSuspended, SystemAgentProtected } from '../agents.errors.js';
import { AgentIdParam } from './agent-id-param.decorator.js';
import { AgentsPresenter } from './agents.presenter.js';
import { AgentsService } from './agents.service.js';
import { AgentForOperators } from './agents.view.js';

@Section('Agents')
@AgentIdParam()
@Controller('v1/admin/agents')
@Refuses(AgentNotFound)
export class AgentsAdminController {
  constructor(
    private readonly agents: AgentsService,
    private readonly present: AgentsPresenter,
    private readonly audit: AuditLog,
    private readonly once: OnceRunner,
  ) {}

  /** An agent as it sees itself, balances included; the platform has none */
  @Get(':agent_id')
  @Operator('viewer')
  async read(@Param('agent_id') id: string): Promise<AgentForOperators> {
    return this.present.forOperators(await this.agents.get(id));
  }

  /** Suspend an agent: it can read but not write, and receives no transfers and no emission */
  @Post(':agent_id/suspend')
  @HttpCode(200)
  @Operator('operator')
  @Refuses(AlreadySuspended, SystemAgentProtected)
  suspend(
    @IdempotentRequest() once: Once,
    @CurrentOperator() operator: OperatorIdentity,
    @Param('agent_id') id: string,
    @Body() { reason }: ReasonedAct,
  ): Promise<AgentForOperators> {
    return this.once.run(
      once,
      async (tx) => {
        const agent = await this.agents.suspend(tx, id, reason);
        await this.audit.write(tx, { operator, act: 'agent.suspend', subject: id, reason });
        return agent;
      },
      (tx, agent) => this.present.forOperators(agent, tx),
    );
  }

  /** Reinstate a suspended agent: it gets its former status back */
  @Post(':agent_id/reinstate')
  @HttpCode(200)
  @Operator('operator')
  @Refuses(NotSuspended)
  reinstate(
    @IdempotentRequest() once: Once,
    @CurrentOperator() operator: OperatorIdentity,
    @Param('agent_id') id: string,
    @Body() { reason }: ReasonedAct,
  ): Promise<AgentForOperators> {
    return this.once.run(
      once,
      async (tx) => {
        const agent = await this.agents.reinstate(tx, id, reason);
        await this.audit.write(tx, { operator, act: 'agent.reinstate', subject: id, reason });
        return agent;
      },
      (tx, agent) => this.present.forOperators(agent, tx),
    );
  }
}
