import { moneyFromJson, toDecimal, toJson, type Currency, type Money } from '#kernel/money';
import type { Prices } from './domain/task.js';

/** Prices as they go over the wire; null where a currency is not offered. */
export interface PricesTold {
  price_points: number | null;
  price_usdc: number | null;
}

/** A price that was sent, as rows hold it. The rules of the field have seen it, so that it is an amount. */
export function decimalOf(currency: Currency, price: number | null): string | null {
  if (price === null) return null;
  const amount = moneyFromJson(currency, price);
  if (!amount) throw new Error(`${price} has passed for an amount of ${currency}.`);
  return toDecimal(amount);
}

/** The sum in each currency, as numbers. */
export const refundTold = (refund: readonly Money[]): { points: number; usdc: number } => ({
  points: inCurrency(refund, 'points'),
  usdc: inCurrency(refund, 'usdc'),
});

export const pricesTold = ({ pricePoints, priceUsdc }: Prices): PricesTold => ({
  price_points: pricePoints === null ? null : Number(pricePoints),
  price_usdc: priceUsdc === null ? null : Number(priceUsdc),
});

const inCurrency = (amounts: readonly Money[], wanted: Currency): number =>
  amounts.filter(({ currency }) => currency === wanted).map(toJson)[0] ?? 0;
