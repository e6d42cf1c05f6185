import { agentUpdated } from '../agents.events.js';
import type { Agent } from './agent.js';
import type { Change } from './change.js';

/** Those who wait for the agent are told of a change, and of nothing else. */
export function showCardTags(agent: Agent, tags: readonly string[]): Change | undefined {
  const { cardSpecializations: before } = agent;
  if (tags.length === before.length && tags.every((tag, index) => tag === before[index])) return undefined;
  return { agent: { ...agent, cardSpecializations: [...tags] }, events: [agentUpdated(agent.id)] };
}
