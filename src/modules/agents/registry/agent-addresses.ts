import { Injectable } from '@nestjs/common';
import { Settings } from '#config/settings';
import type { FieldError } from '#kernel/errors/domain-error';
import { InvalidFields } from '#kernel/errors/kernel.errors';
import { checkNamedAddress } from '#platform/egress';

interface Addresses {
  webhook_url?: string | null;
  a2a_agent_card_url?: string | null;
}

/** The addresses of an agent, as far as they can be judged without asking the network. */
@Injectable()
export class AgentAddresses {
  constructor(private readonly settings: Settings) {}

  check({ webhook_url, a2a_agent_card_url }: Addresses): void {
    const policy = { allowPrivate: this.settings.privateWebhooks, ownPorts: [this.settings.env.PORT] };
    const wrong: FieldError[] = [];
    for (const [field, address] of Object.entries({ webhook_url, a2a_agent_card_url })) {
      if (address === undefined || address === null) continue;
      const problem = checkNamedAddress(address, policy);
      if (problem) wrong.push({ pointer: `/${field}`, ...problem });
    }
    if (wrong.length > 0) throw new InvalidFields(wrong);
  }
}
