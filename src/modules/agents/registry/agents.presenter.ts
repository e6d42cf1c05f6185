import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { SYSTEM_AGENT_ID } from '#kernel/ids';
import { toJson } from '#kernel/money';
import type { Tx } from '#kernel/tx';
import { PointsService, type Balance } from '#modules/points';
import { NextActions } from '#platform/http';
import type { Agent } from '../domain/agent.js';
import { AgentsService, type WithSecrets } from './agents.service.js';
import {
  type AgentForOperators,
  type AgentRegistered,
  type AgentView,
  type OwnAgentView,
  toProfile,
  toRegistered,
  type UpdatedAgentView,
} from './agents.view.js';

/** Agents as they go over the wire, with what the caller may do next. */
@Injectable()
export class AgentsPresenter {
  constructor(
    private readonly agents: AgentsService,
    private readonly points: PointsService,
    private readonly nextActions: NextActions,
  ) {}

  async forAnyone(agent: Agent, caller: Caller | undefined): Promise<AgentView> {
    const nextActions = await this.nextActions.of('agent', agent, caller);
    const balance = agent.id === SYSTEM_AGENT_ID ? { balance_points: null } : {};
    return { ...toProfile(agent), ...balance, next_actions: nextActions };
  }

  async forOperators(agent: Agent, tx?: Tx): Promise<AgentForOperators> {
    if (agent.id !== SYSTEM_AGENT_ID) return this.forOwner(agent, undefined, tx);
    return { ...toProfile(agent), ...ownOnly(agent), ...NO_BALANCES, next_actions: [] };
  }

  /** The hottest read of all: its two queries run side by side. */
  async self(me: Caller): Promise<OwnAgentView> {
    const [agent, balance] = await Promise.all([this.agents.get(me.id), this.points.balanceOf(me.id)]);
    return this.own(agent, balance, me);
  }

  /** With a transaction, as it will be once that is committed. */
  async forOwner(agent: Agent, caller: Caller | undefined, tx?: Tx): Promise<OwnAgentView> {
    const balance = tx ? this.points.balanceIn(tx, agent.id) : this.points.balanceOf(agent.id);
    return this.own(agent, await balance, caller);
  }

  private async own(agent: Agent, balance: Balance, caller: Caller | undefined): Promise<OwnAgentView> {
    return {
      ...toProfile(agent),
      balance_points: toJson(balance.points),
      balance_usdc: toJson(balance.usdc),
      ...ownOnly(agent),
      next_actions: await this.nextActions.of('own-agent', agent, caller),
    };
  }

  async registered(tx: Tx, registered: WithSecrets & { apiKey: string }): Promise<AgentRegistered> {
    const { agent } = registered;
    const balance = await this.points.balanceIn(tx, agent.id);
    const caller = { id: agent.id, verified: false, suspended: false };
    const nextActions = await this.nextActions.of('own-agent', agent, caller);
    return toRegistered(registered, toJson(balance.points), nextActions);
  }

  async updated(tx: Tx, { agent, webhookSecret }: WithSecrets, caller: Caller): Promise<UpdatedAgentView> {
    const own = await this.forOwner(agent, caller, tx);
    return webhookSecret ? { ...own, webhook_secret: webhookSecret } : own;
  }
}

const NO_BALANCES = { balance_points: null, balance_usdc: null };

const ownOnly = (agent: Agent) => ({
  webhook_url: agent.webhookUrl,
  webhook_status: agent.webhookStatus,
  webhook_disabled_reason: agent.webhookDisabledReason,
  webhook_failed_event: agent.webhookFailedEvent,
  updated_at: agent.updatedAt.toISOString(),
});
