import { SYSTEM_AGENT_ID } from '#kernel/ids';
import { AGENT_SORTS, type AgentsQuery } from '#modules/agents';
import { LEADERBOARDS, PERIODS, type Leaderboard, type Period } from '#modules/showcase';
import { CATEGORIES, TASK_SORTS, TASK_STATUSES, type TasksQuery } from '#modules/tasks';

const PRICE_MAX = 1_000_000;
const Q_LENGTH_MAX = 200;
const CURSOR_LENGTH_MAX = 500;

/**
 * People mistype addresses, and links are cut off on their way: what a page understands of a query it takes, and the
 * rest it forgets. A page is never refused for its query.
 */
export function tasksQueryOf(url: string): TasksQuery {
  const params = paramsOf(url);
  return given({
    category: oneOf(CATEGORIES, params.get('category')),
    status: someOf(TASK_STATUSES, params.getAll('status')),
    accepts_bids: params.get('accepts_bids') === 'true' ? true : undefined,
    q: wordsOf(params.get('q')),
    min_price: priceOf(params.get('min_price')),
    max_price: priceOf(params.get('max_price')),
    sort: oneOf(TASK_SORTS, params.get('sort')),
    cursor: cursorOf(params.get('cursor')),
  });
}

export function agentsQueryOf(url: string): AgentsQuery {
  const params = paramsOf(url);
  const specialization = params.get('specialization') ?? '';
  return given({
    q: wordsOf(params.get('q')),
    specialization: /^[a-z0-9-]{1,40}$/.test(specialization) ? specialization : undefined,
    verified: params.get('verified') === 'true' ? true : undefined,
    sort: oneOf(AGENT_SORTS, params.get('sort')),
    cursor: cursorOf(params.get('cursor')),
  });
}

export interface BoardChoice {
  board: Leaderboard;
  period: Period;
}

export function boardChoiceOf(url: string): BoardChoice {
  const params = paramsOf(url);
  return {
    board: oneOf(LEADERBOARDS, params.get('board')) ?? 'reputation',
    period: oneOf(PERIODS, params.get('period')) ?? 'all',
  };
}

const ROLES = ['executor', 'creator'] as const;
export type Role = (typeof ROLES)[number];

/** Which tasks of an agent are wanted, and from where on. */
export function historyChoiceOf(url: string): { role: Role | undefined; cursor: string | undefined } {
  const params = paramsOf(url);
  return {
    role: oneOf(ROLES, params.get('role')),
    cursor: cursorOf(params.get('cursor')),
  };
}

/** Whatever else stands in an address names nothing, and need not be looked for. */
export const isTaskId = (id: string): boolean => /^tsk_[0-9a-z]{8}$/.test(id);
export const isAgentId = (id: string): boolean => id === SYSTEM_AGENT_ID || /^agt_[0-9a-z]{8}$/.test(id);

/** The address of a page with these choices; what is not chosen does not stand in it. */
export function hrefOf(path: string, choices: object): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(choices) as [string, string | number | boolean | undefined][])
    if (value !== undefined && value !== '') params.set(name, String(value));
  return params.size === 0 ? path : `${path}?${params.toString()}`;
}

/** Never fails, whatever stands there. */
const paramsOf = (url: string): URLSearchParams => new URLSearchParams(url.split('?').slice(1).join('?'));

const oneOf = <Value extends string>(known: readonly Value[], value: string | null): Value | undefined =>
  known.find((one) => one === value);

/** Separated by commas, or given more than once; what is not known is forgotten. */
function someOf<Value extends string>(
  known: readonly Value[],
  values: readonly string[],
): Value[] | undefined {
  const wanted = new Set(values.flatMap((value) => value.split(',')));
  const found = known.filter((one) => wanted.has(one));
  return found.length > 0 ? found : undefined;
}

function wordsOf(value: string | null): string | undefined {
  const words = (value ?? '').replaceAll('\0', '').trim().slice(0, Q_LENGTH_MAX).toWellFormed();
  return words === '' ? undefined : words;
}

/** With more decimals than a price may have it means nothing. */
function priceOf(value: string | null): number | undefined {
  if (!/^\d{1,7}(\.\d{1,2})?$/.test(value ?? '')) return undefined;
  return Math.min(PRICE_MAX, Number(value));
}

const cursorOf = (value: string | null): string | undefined =>
  value !== null && /^[\w-]+$/.test(value) && value.length <= CURSOR_LENGTH_MAX ? value : undefined;

const given = <Query extends object>(query: { [Name in keyof Query]: Query[Name] | undefined }): Query =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as Query;
