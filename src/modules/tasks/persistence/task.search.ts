import { Injectable } from '@nestjs/common';
import pg from 'pg';
import type { Currency } from '#kernel/money';
import { Database, fitsQuery } from '#platform/database';
import { isInstant, matching, PAGE_SIZE, type Place, type PlaceShape } from '#platform/http';
import { IS_REAL } from '../calibration/calibration-task.store.js';
import type { Category, Task, TaskStatus } from '../domain/task.js';
import { SHORT_COLUMNS } from './task.columns.js';
import { wordsQuery } from './words-query.js';

export const TASK_SORTS = ['newest', 'price', 'deadline'] as const;
export type TaskSort = (typeof TASK_SORTS)[number];

export interface TaskFilter {
  category?: Category | undefined;
  /** One or several; none at all when it is empty. */
  statuses?: readonly TaskStatus[] | undefined;
  /** Bids are taken at that moment: the deadline has not passed, and a place is free. */
  acceptsBidsAt?: Date | undefined;
  /** Tasks that have a price in it; what a price is compared and sorted in. */
  currency?: Currency | undefined;
  minPrice?: number | undefined;
  maxPrice?: number | undefined;
  creator?: string | undefined;
  executor?: string | undefined;
  /** The one who looks is that creator or executor. */
  isParty?: true | undefined;
  q?: string | undefined;
  /** Look for the last word of `q` as the beginning of one. */
  isPrefix?: boolean | undefined;
}

export interface TaskQuery {
  filter: TaskFilter;
  sort: TaskSort;
  /** The values of the last row's place. */
  after: readonly string[] | undefined;
  limit: number;
}

/** A task in a list: the beginning of its description instead of all of its text. */
export type TaskSummary = Omit<Task, 'description' | 'acceptanceCriteria'> & { excerpt: string };

interface Order {
  /** A cursor of one order means nothing in another. */
  name: string;
  /** What an index sorts by; the id behind it makes every place one of its own. */
  expression: string;
  /** The same, by the names that columns have in a summary. */
  ofSummary: string;
  type: string;
  direction: 'ASC' | 'DESC';
  place(task: TaskSummary): string | number;
  shape: PlaceShape;
}

const isTaskId = matching(/^tsk_[0-9a-z]{8}$/);
const isPrice = matching(/^\d{1,7}\.\d{2,6}$/);

const NEWEST: Order = {
  name: 'newest',
  expression: 'created_at',
  ofSummary: '"createdAt"',
  type: 'timestamptz',
  direction: 'DESC',
  place: ({ createdAt }) => createdAt.toISOString(),
  shape: [isInstant, isTaskId],
};

/** The soonest first. */
const DEADLINE: Order = {
  name: 'deadline',
  expression: 'deadline',
  ofSummary: 'deadline',
  type: 'timestamptz',
  direction: 'ASC',
  place: ({ deadline }) => deadline.toISOString(),
  shape: [isInstant, isTaskId],
};

/** The dearest first; tasks without a price in points come last. */
const POINTS: Order = {
  name: 'price',
  expression: 'coalesce(price_points, 0)',
  ofSummary: 'coalesce("pricePoints", 0)',
  type: 'numeric',
  direction: 'DESC',
  place: ({ pricePoints }) => pricePoints ?? '0.00',
  shape: [isPrice, isTaskId],
};

const USDC: Order = {
  name: 'price_usdc',
  expression: 'price_usdc',
  ofSummary: '"priceUsdc"',
  type: 'numeric',
  direction: 'DESC',
  place: ({ priceUsdc }) => priceUsdc ?? '0.00',
  shape: [isPrice, isTaskId],
};

export function orderOf(sort: TaskSort, currency: Currency | undefined): Order {
  switch (sort) {
    case 'newest':
      return NEWEST;
    case 'deadline':
      return DEADLINE;
    case 'price':
      return currency === 'usdc' ? USDC : POINTS;
  }
}

export const placeIn = (order: Order, task: TaskSummary): Place => [order.place(task), task.id];

export interface Query {
  sql: string;
  params: readonly unknown[];
  /** Under which it is planned once per connection. */
  name?: string;
}

/** How the public list is read. */
@Injectable()
export class TaskSearch {
  constructor(private readonly database: Database) {}

  page(query: TaskQuery): Promise<TaskSummary[]> {
    const { name, sql, params } = pageQuery(query);
    if (query.filter.q !== undefined) return this.database.search(sql, params);
    return name ? this.database.preparedLagging(name, sql, params) : this.database.queryLagging(sql, params);
  }
}

function pageQuery({ filter, sort, after, limit }: TaskQuery): Query {
  const { expression, ofSummary, type, direction } = orderOf(sort, filter.currency);
  const { params, bind } = binding();
  const name = nameOf(filter, sort, after, limit);
  const read = (wanted: TaskFilter, place: string | undefined): string => {
    const conditions = [listedIn('tasks', wanted), ...conditionsOf(wanted, bind, name ? literal : bind)];
    if (place) conditions.push(`(${expression}, id) ${direction === 'ASC' ? '>' : '<'} ${place}`);
    // The limit stands in the text: a plan that does not know it would be made for a tenth of the table.
    return `SELECT ${SUMMARY_COLUMNS} FROM tasks WHERE ${conditions.join(' AND ')}
      ORDER BY ${expression} ${direction}, id ${direction} LIMIT ${limit}`;
  };
  const place = after && `(${bind(after[0])}::${type}, ${bind(after[1])})`;
  const parts = statusesApart(filter).map((wanted) => read(wanted, place));
  const sql =
    parts.length === 1
      ? parts[0]!
      : `SELECT * FROM (${parts.map((part) => `(${part})`).join(' UNION ALL ')}) AS found
         ORDER BY ${ofSummary} ${direction}, id ${direction} LIMIT ${limit}`;
  return name ? { sql, params, name } : { sql, params };
}

/**
 * An index has the tasks of one status in order, but not those of several: a page of several is merged from a page of
 * each. What narrows the tasks to few anyway is better read once.
 */
function statusesApart(filter: TaskFilter): TaskFilter[] {
  const { q, creator, executor } = filter;
  const statuses = statusesOf(filter);
  const isNarrow = q !== undefined || creator !== undefined || executor !== undefined;
  if (isNarrow || statuses === undefined || statuses.length < 2) return [filter];
  return statuses.map((status) => ({ ...filter, statuses: [status] }));
}

const TAKING_BIDS: readonly TaskStatus[] = ['open', 'bidding'];

/** Those in which a task can be that is looked for; any, when it is undefined. */
function statusesOf({ statuses, acceptsBidsAt }: TaskFilter): readonly TaskStatus[] | undefined {
  if (!acceptsBidsAt) return statuses;
  return statuses ? TAKING_BIDS.filter((status) => statuses.includes(status)) : TAKING_BIDS;
}

/** Collects the values of a statement, and says how each is called in it. */
export function binding(...first: unknown[]): { params: unknown[]; bind: (value: unknown) => string } {
  const params = [...first];
  return { params, bind: (value) => `$${params.push(value)}` };
}

export const SUMMARY_COLUMNS = `${SHORT_COLUMNS}, left(description, 300) AS excerpt`;

/** What everybody finds, or the parties of a task: the one predicate by which lists and searches differ for them. */
export const listedIn = (table: string, { isParty }: TaskFilter): string =>
  isParty ? IS_REAL : `${table}.listed`;

type Bind = (value: unknown) => string;

/** What a plan must know, such as a status, can be put into the text of the statement by `fix`. */
export function conditionsOf(filter: TaskFilter, bind: Bind, fix: Bind = bind): string[] {
  const { category, acceptsBidsAt, currency, minPrice, maxPrice, creator, executor, q, isPrefix } = filter;
  const statuses = statusesOf(filter);
  const price = currency === 'usdc' ? 'price_usdc' : 'price_points';
  // As the index has it; nobody asks for a price of nothing or more.
  const amount = currency === 'usdc' ? price : 'coalesce(price_points, 0)';
  const isPriced = currency !== undefined || minPrice !== undefined || maxPrice !== undefined;
  return [
    ...(statuses === undefined ? [] : [oneOf('status', statuses, fix)]),
    ...(category === undefined ? [] : [`category = ${fix(category)}`]),
    ...(acceptsBidsAt === undefined
      ? []
      : ['bids_count < max_bids', `deadline + interval '0' > ${bind(acceptsBidsAt)}`]),
    ...(creator === undefined ? [] : [`creator_agent_id = ${bind(creator)}`]),
    ...(executor === undefined ? [] : [`executor_agent_id = ${bind(executor)}`]),
    ...(isPriced ? [`${price} IS NOT NULL`] : []),
    ...(minPrice === undefined ? [] : [`${amount} >= ${bind(minPrice)}`]),
    ...(maxPrice === undefined ? [] : [`${amount} <= ${bind(maxPrice)}`]),
    ...(q === undefined
      ? []
      : [
          `id IN (SELECT task_id FROM task_search WHERE ${fitsQuery('words', wordsQuery(q, bind, isPrefix))})`,
        ]),
  ];
}

function oneOf(column: string, values: readonly string[], fix: Bind): string {
  const [only, ...more] = values;
  if (only === undefined) return 'false';
  return more.length === 0 ? `${column} = ${fix(only)}` : `${column} IN (${values.map(fix).join(', ')})`;
}

/**
 * What many ask for is planned once per connection, with the status or the category as part of the text: a plan for any
 * status looks for open tasks among all of them. There are at most 108 such texts, so that nobody can fill the memory of
 * the connections with plans; whatever else is asked is planned each time.
 */
function nameOf(
  { statuses, category, acceptsBidsAt, ...narrower }: TaskFilter,
  sort: TaskSort,
  after: TaskQuery['after'],
  limit: number,
): string | undefined {
  const isCommon =
    limit === PAGE_SIZE + 1 &&
    [statuses, category, acceptsBidsAt].filter((value) => value !== undefined).length <= 1 &&
    (statuses === undefined || statuses.length === 1) &&
    Object.values(narrower).every((value) => value === undefined);
  if (!isCommon) return undefined;
  const which = acceptsBidsAt ? 'accepting' : (statuses?.[0] ?? category ?? 'any');
  return ['tasks', sort, which, after ? 'after' : 'first'].join('-');
}

const literal = (value: unknown): string => pg.escapeLiteral(String(value));
