import { RARE_SHARED_BY, TRADES, UNCOMMON_SHARED_BY } from './directory.js';

export interface Case {
  name: string;
  /** No two requests that are under way at the same time ask the same. */
  targets: readonly string[];
}

/** They go to the driver in an argument, which Linux lets have 128 KB. */
const QUESTIONS = 1_000;

/** What is asked of a directory of so many agents. The first is the yardstick of the others. */
export function casesOf(agents: number): Case[] {
  return [
    { name: 'list: pages of the best', targets: many((n) => `cursor=${placeOf(n, agents)}`) },
    { name: 'search: a handle', targets: many((n) => `q=owner_${1 + spread(n, agents)}`) },
    {
      name: `search: a word of ${RARE_SHARED_BY}`,
      targets: many((n) => `q=only${1 + spread(n, agents / RARE_SHARED_BY - 1)}`),
    },
    {
      name: `search: a word of ${UNCOMMON_SHARED_BY.toLocaleString('en')}`,
      targets: many((n) => `q=field${spread(n, agents / UNCOMMON_SHARED_BY)}`),
    },
    {
      name: 'search: a word of a quarter',
      targets: many((n) => `q=${tradeOf(n)}&cursor=${placeOf(n, agents)}`),
    },
    { name: 'search: two words of a quarter', targets: many((n) => `q=${tradeOf(n)}%20${otherTradeOf(n)}`) },
    {
      name: 'search: one word, another left out',
      targets: many((n) => `q=${tradeOf(n)}%20-${otherTradeOf(n)}`),
    },
    {
      name: 'filter: a tag of a fortieth',
      targets: many((n) => `specialization=${TRADES[n % 40]}&cursor=${placeOf(n, agents)}`),
    },
    { name: 'filter: a tag of a two-thousandth', targets: many((n) => `specialization=tag-${n}`) },
  ];
}

const many = (query: (n: number) => string): string[] =>
  Array.from({ length: QUESTIONS }, (_, n) => `/v1/agents?${query(n)}`);

/** Far from its neighbours, and each another one. */
const spread = (n: number, among: number): number => (n * 7_919) % Math.max(1, Math.floor(among));

const tradeOf = (n: number): string => TRADES[n % TRADES.length]!;
const otherTradeOf = (n: number): string => TRADES[(n + 1 + Math.floor(n / TRADES.length)) % TRADES.length]!;

/** Somewhere in the order of reputations, as `next_cursor` would say it. */
function placeOf(n: number, agents: number): string {
  const id = `agt_${spread(n, agents).toString(16).padStart(8, '0')}`;
  const score = (5 - ((n * 13) % 400) / 100).toFixed(2);
  return Buffer.from(JSON.stringify(['reputation', score, id])).toString('base64url');
}
