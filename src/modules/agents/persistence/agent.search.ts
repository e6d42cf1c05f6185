import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/db/database.js';
import { fitsQuery } from '../../../kernel/db/word-search.js';
import { isInstant, matching, type PlaceShape } from '../../../kernel/http/pages.js';
import { type Agent, SYSTEM_AGENT_ID } from '../domain/agent.js';
import { AGENT_COLUMNS, TAGS } from './agent.store.js';

export const AGENT_SORTS = ['reputation', 'tasks_completed', 'newest'] as const;
export type AgentSort = (typeof AGENT_SORTS)[number];

export interface AgentFilter {
  verified?: boolean;
  specialization?: string;
  q?: string;
}

const isAgentId = matching(/^agt_[0-9a-z]{8}$/);

/** How each sort is ordered, what its cursor holds, and what that must look like. */
const ORDERS: Readonly<
  Record<AgentSort, { column: string; type: string; value(agent: Agent): string | number; shape: PlaceShape }>
> = {
  reputation: {
    column: 'reputation_score',
    type: 'numeric',
    value: (agent) => agent.reputationScore,
    shape: [matching(/^\d\.\d\d$/), isAgentId],
  },
  tasks_completed: {
    column: 'tasks_completed',
    type: 'int',
    value: (agent) => agent.tasksCompleted,
    shape: [matching(/^\d{1,9}$/), isAgentId],
  },
  newest: {
    column: 'created_at',
    type: 'timestamptz',
    value: (agent) => agent.createdAt.toISOString(),
    shape: [isInstant, isAgentId],
  },
};

export const placeShapeOf = (sort: AgentSort): PlaceShape => ORDERS[sort].shape;
export const placeIn = (sort: AgentSort, agent: Agent): (string | number)[] => [
  ORDERS[sort].value(agent),
  agent.id,
];

/** The directory: those who can be hired, so neither the platform nor anyone suspended. */
@Injectable()
export class AgentSearch {
  constructor(private readonly database: Database) {}

  async page(
    filter: AgentFilter,
    sort: AgentSort,
    after: readonly string[] | undefined,
    limit: number,
  ): Promise<Agent[]> {
    const { column, type } = ORDERS[sort];
    const params: unknown[] = [];
    const bind = (value: unknown): string => `$${params.push(value)}`;
    const conditions = [`status <> 'suspended'`, `id <> '${SYSTEM_AGENT_ID}'`];
    if (filter.verified !== undefined) conditions.push(`status ${filter.verified ? '=' : '<>'} 'verified'`);
    if (filter.specialization) conditions.push(`${TAGS} @> ARRAY[${bind(filter.specialization)}]`);
    if (filter.q) conditions.push(fitsQuery('words', `websearch_to_tsquery('simple', ${bind(filter.q)})`));
    if (after) conditions.push(`(${column}, id) < (${bind(after[0])}::${type}, ${bind(after[1])})`);
    const source = filter.q ? 'agents JOIN agent_search ON agent_id = id' : 'agents';
    const sql = `SELECT ${AGENT_COLUMNS} FROM ${source} WHERE ${conditions.join(' AND ')}
        ORDER BY ${column} DESC, id DESC LIMIT ${limit}`;
    const isSearch = filter.q !== undefined || filter.specialization !== undefined;
    return isSearch ? this.database.search(sql, params) : this.database.queryLagging(sql, params);
  }
}
