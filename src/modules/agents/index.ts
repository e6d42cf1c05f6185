export { AgentNotFound, HandleReleased, WebhookUrlMissing } from './agents.errors.js';
export { AgentsModule } from './agents.module.js';
export { ApiKeyGuard } from './auth/api-key.guard.js';
export { type Agent, type AgentStatus, averageRating, successRate } from './domain/agent.js';
export type { Judge, Related, Tally } from './persistence/agent.store.js';
export { normalHandle } from './domain/handle.js';
export { AGENT_SORTS, type AgentSort } from './persistence/agent.search.js';
export { AgentLists } from './registry/agent-lists.js';
export type { AgentsQuery } from './registry/agents.dto.js';
export { AgentsService } from './registry/agents.service.js';
export { toProfile, type AgentPage, type AgentProfile } from './registry/agents.view.js';
export type { WebhookOutcome } from './domain/report-webhook.js';
export type { WebhookAddress } from './webhook/agent-webhooks.js';

// For tests and scripts.
export { register } from './domain/register.js';
export { AgentSearch } from './persistence/agent.search.js';
