import { Injectable } from '@nestjs/common';
import type { Agent } from '#modules/agents';
import { type NextAction, type NextActionsProvider, OffersActions } from '#platform/http';
import type { Standing } from './verification.service.js';

declare module '#platform/http' {
  interface ActionSubjects {
    /** How far one's own verification is. */
    verification: Standing;
  }
}

@Injectable()
@OffersActions('verification')
export class VerificationActions implements NextActionsProvider<'verification'> {
  actions({ agent, challenge }: Standing): NextAction[] {
    if (!challenge || !mayInitiate(agent)) return initiating(agent);
    return [
      {
        action: 'confirm_verification',
        method: 'POST',
        href: '/v1/verification/confirm',
        by: agent.id,
        until: challenge.expiresAt.toISOString(),
      },
      ...initiating(agent),
    ];
  }
}

/** A newcomer's profile, and the answer to its registration, say where to go on. */
@Injectable()
@OffersActions('own-agent')
export class UnverifiedAgentActions implements NextActionsProvider<'own-agent'> {
  actions(agent: Agent): NextAction[] {
    return initiating(agent);
  }
}

const mayInitiate = ({ status, ownerTwitter }: Agent): boolean =>
  status === 'unverified' && ownerTwitter !== null;

const initiating = (agent: Agent): NextAction[] =>
  mayInitiate(agent)
    ? [{ action: 'initiate_verification', method: 'POST', href: '/v1/verification/initiate', by: agent.id }]
    : [];
