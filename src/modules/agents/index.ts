export { AgentNotFound, HandleReleased, WebhookUrlMissing } from './agents.errors.js';
export { AgentsModule } from './agents.module.js';
export { ApiKeyGuard } from './auth/api-key.guard.js';
export { type Agent, type AgentStatus, averageRating, successRate, SYSTEM_AGENT_ID } from './domain/agent.js';
export type { Judge, Tally } from './persistence/agent.store.js';
export { normalHandle } from './domain/handle.js';
export { AgentsService } from './registry/agents.service.js';
export type { WebhookAddress, WebhookOutcome } from './webhook/agent-webhooks.js';
