import type { Agent } from './agent.js';
import type { Change } from './change.js';

/** The retired key repeats answers for a while, so a client that missed the answer can ask again. */
export const rotateKey = (
  agent: Agent,
  { fresh, presented }: { fresh: Buffer; presented: Buffer },
  at: Date,
): Change => ({
  agent: { ...agent, updatedAt: at },
  keys: { apiKeyHash: fresh, retiredKeyHash: presented, retiredAt: at },
  events: [],
});
