import { catalogue } from '#kernel/errors/catalogue';
import { DomainError } from '#kernel/errors/domain-error';

export class BadgeMissing extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint =
    'Accept another bid, or wait until this bidder has finished a smaller task.';

  constructor(agentId: string, badge: string) {
    super(`${agentId} has not earned the badge ${badge}.`, { agent_id: agentId, badge });
  }
}

// No operation of ours refuses with it, so that its page under /problems is asked for here.
catalogue(BadgeMissing);
