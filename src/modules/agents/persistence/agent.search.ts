import { Injectable } from '@nestjs/common';
import { SYSTEM_AGENT_ID } from '#kernel/ids';
import { Database, fitsQuery } from '#platform/database';
import { isInstant, matching, type PlaceShape } from '#platform/http';
import type { Agent } from '../domain/agent.js';
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

/**
 * Up to so many matches are all read and sorted. Beyond that a word is common, and the directory is walked in its order
 * until enough have it: PostgreSQL knows how common only the most common words are, and would walk past a million agents
 * for a handle that one of them has.
 */
const FEW = 1_000;

/** The directory: those who can be hired, so neither the platform nor anyone suspended. */
@Injectable()
export class AgentSearch {
  constructor(private readonly database: Database) {}

  async page(
    { q, specialization, verified }: AgentFilter,
    sort: AgentSort,
    after: readonly string[] | undefined,
    limit: number,
  ): Promise<Agent[]> {
    const { column, type } = ORDERS[sort];
    const params: unknown[] = [];
    const bind = (value: unknown): string => `$${params.push(value)}`;
    const conditions = [`status <> 'suspended'`, `id <> '${SYSTEM_AGENT_ID}'`];
    if (verified !== undefined) conditions.push(`status ${verified ? '=' : '<>'} 'verified'`);
    if (specialization) conditions.push(`${TAGS} @> ARRAY[${bind(specialization)}]`);
    if (after) conditions.push(`(${column}, id) < (${bind(after[0])}::${type}, ${bind(after[1])})`);
    const inOrder = `ORDER BY ${column} DESC, id DESC LIMIT ${limit}`;
    if (q) {
      const fits = fitsQuery('words', `websearch_to_tsquery('simple', ${bind(q)})`);
      return this.database.search(searchSql(fits, conditions.join(' AND '), inOrder), params);
    }
    const sql = `SELECT ${AGENT_COLUMNS} FROM agents WHERE ${conditions.join(' AND ')} ${inOrder}`;
    return specialization ? this.database.search(sql, params) : this.database.queryLagging(sql, params);
  }
}

/** Of the two ways one is taken: the condition on the count is evaluated once, before a row is read for it. */
const searchSql = (fits: string, conditions: string, inOrder: string): string => `
  WITH matches AS MATERIALIZED (SELECT agent_id FROM agent_search WHERE ${fits} LIMIT ${FEW + 1}),
  found AS (
    (SELECT id FROM agents WHERE (SELECT count(*) <= ${FEW} FROM matches) AND id IN (SELECT agent_id FROM matches)
        AND ${conditions} ${inOrder})
    UNION ALL
    (SELECT id FROM agents JOIN agent_search ON agent_id = id
      WHERE (SELECT count(*) > ${FEW} FROM matches) AND ${fits} AND ${conditions} ${inOrder}))
  SELECT ${AGENT_COLUMNS} FROM agents JOIN found USING (id) ${inOrder}`;
