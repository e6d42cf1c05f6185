import { moneyFromJson, toDecimal, type Currency } from '../../kernel/money.js';

/** A price that was sent, as rows hold it. The rules of the field have seen it, so that it is an amount. */
export function decimalOf(currency: Currency, price: number | null): string | null {
  if (price === null) return null;
  const amount = moneyFromJson(currency, price);
  if (!amount) throw new Error(`${price} has passed for an amount of ${currency}.`);
  return toDecimal(amount);
}
