import { money, moneyFromDecimal, toDecimal, type Currency, type Money } from '#kernel/money';
import type { EscrowMove } from './change.js';
import type { Prices, Task } from './task.js';

export const CURRENCIES: readonly Currency[] = ['points', 'usdc'];

export const NO_PRICE: Prices = { pricePoints: null, priceUsdc: null };

export function priceIn({ pricePoints, priceUsdc }: Prices, currency: Currency): Money | undefined {
  const decimal = currency === 'points' ? pricePoints : priceUsdc;
  return decimal === null ? undefined : amountOf(currency, decimal);
}

/** Every price there is: what a task without an accepted bid holds in escrow. */
export const pricesOf = (prices: Prices): Money[] =>
  CURRENCIES.flatMap((currency) => priceIn(prices, currency) ?? []);

export const pricedAt = (price: Money): Prices => ({
  ...NO_PRICE,
  [price.currency === 'points' ? 'pricePoints' : 'priceUsdc']: toDecimal(price),
});

/** What the executor was promised; undefined before a bid is accepted. */
export function agreedPrice({ acceptedCurrency, acceptedPrice }: Task): Money | undefined {
  if (acceptedCurrency === null || acceptedPrice === null) return undefined;
  return amountOf(acceptedCurrency, acceptedPrice);
}

/** What must move for the escrows to hold the new prices instead of the old ones. */
export function escrowMoves(before: Prices, after: Prices, cause: string): EscrowMove[] {
  return CURRENCIES.flatMap((currency) => {
    const nothing = money(currency, 0n);
    const from = priceIn(before, currency) ?? nothing;
    const to = priceIn(after, currency) ?? nothing;
    return from.units === to.units ? [] : [{ kind: 'resize', from, to, cause }];
  });
}

export function amountOf(currency: Currency, decimal: string): Money {
  const amount = moneyFromDecimal(currency, decimal);
  if (!amount) throw new Error(`${decimal} is no amount of ${currency}.`);
  return amount;
}
