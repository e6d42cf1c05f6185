import { Injectable } from '@nestjs/common';
import { AgentsService } from '#modules/agents';
import type { Named } from '../views/parts.js';

/** Those whom a page names, by id; who cannot be found is called by it. */
export type Names = (id: string) => Named;

@Injectable()
export class NamedAgents {
  constructor(private readonly agents: AgentsService) {}

  async of(ids: readonly (string | null | undefined)[]): Promise<Names> {
    const found = await this.agents.getMany(ids.filter((id) => typeof id === 'string'));
    return (id) => ({ id, name: found.get(id)?.name ?? id });
  }
}
