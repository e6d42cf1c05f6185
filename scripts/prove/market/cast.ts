import { money, type Currency, type Money } from '#kernel/money';
import { ISSUER, type Books } from '#modules/points';

/** The platform posts tasks too. */
export const SYSTEM = ISSUER;
export const AGENTS = [
  'agt_rich0001',
  'agt_rich0002',
  'agt_poor0001',
  'agt_poor0002',
  'agt_bare0001',
] as const;

const PURSES: Readonly<Record<(typeof AGENTS)[number], bigint>> = {
  agt_rich0001: 10_000n,
  agt_rich0002: 3_000n,
  agt_poor0001: 200n,
  agt_poor0002: 60n,
  agt_bare0001: 0n,
};
const UNITS = { points: 100n, usdc: 1_000_000n } as const;

/** What the agents have, the platform owes: all accounts of a currency together are nothing. */
export function openedBooks(currency: Currency): Books {
  const balances = new Map<string, Money>();
  let issued = 0n;
  for (const agent of AGENTS) {
    const units = PURSES[agent] * UNITS[currency];
    balances.set(agent, money(currency, units));
    issued += units;
  }
  balances.set(SYSTEM, money(currency, -issued));
  return { currency, balances, debts: [] };
}
