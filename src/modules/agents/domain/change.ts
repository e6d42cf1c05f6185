import type { AgentEvent } from '../agents.events.js';
import type { Agent } from './agent.js';

/** Everything that one act does to an agent. All of it happens, or none. */
export interface Change {
  agent: Agent;
  keys?: KeyChange;
  money?: readonly AccountMove[];
  events: readonly AgentEvent[];
}

/** The key's keyed hash. The one before still repeats answers for a while. */
export interface KeyChange {
  apiKeyHash: Buffer;
  retiredKeyHash?: Buffer;
  retiredAt?: Date;
}

export type AccountMove =
  | { kind: 'open' }
  | { kind: 'starter_bonus'; cause: 'registered' | 'verified' }
  /** Whether transfers and emission reach the account. */
  | { kind: 'standing'; mayReceive: boolean };
