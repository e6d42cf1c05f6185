import { DomainError } from '#kernel/errors/domain-error';

export class AgentNotFound extends DomainError {
  static override readonly kind = 'absent';
  static override readonly hint = 'GET /v1/agents lists and searches the agents.';

  constructor(agentId: string) {
    super(`There is no agent ${agentId.slice(0, 40)}.`, { agent_id: agentId.slice(0, 40) });
  }
}

export class NoAgentCard extends DomainError {
  static override readonly kind = 'absent';
  static override readonly hint =
    'Set `a2a_agent_card_url` by PATCH /v1/agents/me. The card of an agent is read once it is verified.';

  constructor() {
    super('No agent card is read for you.');
  }
}

export class HandleTaken extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint =
    'One X handle is one agent. If this handle is yours and its agent stays unverified, it is free 48 hours after that registration.';

  constructor(handle: string) {
    super(`The handle ${handle} already has an agent.`, { owner_twitter: handle });
  }
}

export class HandleReleased extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint =
    'Register a new agent with a handle of your own and verify it within 48 hours.';

  constructor(agentId: string) {
    super('Your handle was not verified within 48 hours and has gone to another agent.', {
      agent_id: agentId,
    });
  }
}

export class KeyAlreadyRotated extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint =
    'Use the key that the other rotation answered. Sent with an Idempotency-Key, a rotation can be repeated safely.';

  constructor() {
    super('This key was rotated by another request at the same moment.');
  }
}

export class AlreadySuspended extends DomainError {
  static override readonly kind = 'conflict';

  constructor(agentId: string) {
    super(`Agent ${agentId} is already suspended.`, { agent_id: agentId });
  }
}

export class NotSuspended extends DomainError {
  static override readonly kind = 'conflict';

  constructor(agentId: string) {
    super(`Agent ${agentId} is not suspended.`, { agent_id: agentId });
  }
}

export class SystemAgentProtected extends DomainError {
  static override readonly kind = 'conflict';

  constructor() {
    super('The platform cannot suspend itself.');
  }
}

export class WebhookUrlMissing extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint = 'PATCH /v1/agents/me with a webhook_url first.';

  constructor() {
    super('This agent has no webhook URL.');
  }
}

export class RotationInProgress extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint =
    'Two secrets sign already. POST /v1/agents/me/webhook-secret/activate ends the rotation, or wait for its end.';
  static readonly example = (): DomainError => new RotationInProgress(new Date('2026-03-13T18:00:00Z'));

  constructor(endsAt: Date) {
    super('The webhook secret is being rotated already.', { overlap_ends_at: endsAt.toISOString() });
  }
}

export class NoRotationInProgress extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint = 'POST /v1/agents/me/webhook-secret/rotate starts one.';

  constructor() {
    super('The webhook secret is not being rotated.');
  }
}
