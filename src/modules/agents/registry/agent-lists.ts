import { Injectable } from '@nestjs/common';
import { PAGE_SIZE, pageOf, placeOf, SharedAnswers } from '#platform/http';
import { AgentSearch, placeIn, placeShapeOf } from '../persistence/agent.search.js';
import type { AgentsQuery } from './agents.dto.js';
import { toProfile, type AgentPage } from './agents.view.js';

/** The public directory, page by page. */
@Injectable()
export class AgentLists {
  private readonly pages = new SharedAnswers<AgentPage>();

  constructor(private readonly search: AgentSearch) {}

  page(query: AgentsQuery): Promise<AgentPage> {
    return this.pages.get(JSON.stringify(query), () => this.read(query));
  }

  private async read({
    limit = PAGE_SIZE,
    cursor,
    sort = 'reputation',
    ...filter
  }: AgentsQuery): Promise<AgentPage> {
    const after = placeOf(cursor, sort, placeShapeOf(sort));
    const found = await this.search.page(filter, sort, after, limit + 1);
    return pageOf(found, limit, sort, (agent) => placeIn(sort, agent), toProfile);
  }
}
