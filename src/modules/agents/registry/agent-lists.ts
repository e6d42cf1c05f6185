import { Injectable } from '@nestjs/common';
import { PAGE_SIZE, pageOf, placeOf } from '../../../kernel/http/pages.js';
import { AgentSearch, placeIn, placeShapeOf } from '../persistence/agent.search.js';
import type { AgentsQuery } from './agents.dto.js';
import { toProfile, type AgentPage } from './agents.view.js';

/** The public directory, page by page. */
@Injectable()
export class AgentLists {
  constructor(private readonly search: AgentSearch) {}

  async page({ limit = PAGE_SIZE, cursor, sort = 'reputation', ...filter }: AgentsQuery): Promise<AgentPage> {
    const after = placeOf(cursor, sort, placeShapeOf(sort));
    const found = await this.search.page(filter, sort, after, limit + 1);
    return pageOf(found, limit, sort, (agent) => placeIn(sort, agent), toProfile);
  }
}
