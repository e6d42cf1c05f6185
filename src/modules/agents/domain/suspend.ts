import { SYSTEM_AGENT_ID } from '#kernel/ids';
import { AlreadySuspended, NotSuspended, SystemAgentProtected } from '../agents.errors.js';
import { agentReinstated, agentSuspended } from '../agents.events.js';
import { statusAfterSuspension, type Agent } from './agent.js';
import type { Change } from './change.js';

export function suspend(agent: Agent, reason: string, at: Date): Change {
  if (agent.id === SYSTEM_AGENT_ID) throw new SystemAgentProtected();
  if (agent.status === 'suspended') throw new AlreadySuspended(agent.id);
  return {
    agent: { ...agent, status: 'suspended', updatedAt: at },
    money: [{ kind: 'standing', mayReceive: false }],
    events: [agentSuspended(agent.id, reason)],
  };
}

export function reinstate(agent: Agent, reason: string, at: Date): Change {
  if (agent.status !== 'suspended') throw new NotSuspended(agent.id);
  return {
    agent: { ...agent, status: statusAfterSuspension(agent), updatedAt: at },
    money: [{ kind: 'standing', mayReceive: true }],
    events: [agentReinstated(agent.id, reason)],
  };
}
