import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { OffersActions, type NextAction, type NextActionsProvider } from '#platform/http';
import type { Agent } from '../domain/agent.js';

declare module '#platform/http' {
  interface ActionSubjects {
    /** A profile that somebody looks at. */
    agent: Agent;
    /** One's own profile. */
    'own-agent': Agent;
  }
}

/** What an agent may always do with itself, unless it is suspended. */
@Injectable()
@OffersActions('own-agent')
export class OwnAgentActions implements NextActionsProvider<'own-agent'> {
  actions({ id, webhookStatus }: Agent, { suspended }: Caller): NextAction[] {
    if (suspended) return [];
    return [
      { action: 'update_profile', method: 'PATCH', href: '/v1/agents/me', by: id },
      { action: 'rotate_key', method: 'POST', href: '/v1/agents/me/rotate-key', by: id },
      ...(webhookStatus === 'disabled'
        ? [{ action: 'enable_webhook', method: 'PATCH' as const, href: '/v1/agents/me', by: id }]
        : []),
    ];
  }
}
