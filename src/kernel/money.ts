export type Currency = 'points' | 'usdc';

declare const units: unique symbol;
/** Hundredths of a point or millionths of a USDC: whole numbers, so that nothing is ever rounded by accident. */
export type Units = bigint & { readonly [units]: true };

export interface Money {
  readonly currency: Currency;
  readonly units: Units;
}

export const DECIMALS: Readonly<Record<Currency, number>> = { points: 2, usdc: 6 };

export const asUnits = (value: bigint): Units => value as Units;
export const money = (currency: Currency, value: bigint): Money => ({ currency, units: asUnits(value) });

/** Whole points, for the amounts that the rules name: `points(100)`. */
export const points = (whole: number): Money => money('points', BigInt(whole) * 100n);

export const plus = (a: Money, b: Money): Money => money(sameCurrency(a, b), a.units + b.units);
export const minus = (a: Money, b: Money): Money => money(sameCurrency(a, b), a.units - b.units);

/** With more, several decimals share a double: which of them was sent could no longer be told. */
const EXACT_DIGITS = 15;

/**
 * Reads an amount as it stands on the wire. More decimals than the currency has, exponents, signs, NaN and
 * strings are refused, never rounded: `undefined` means "not an amount".
 */
export function moneyFromJson(currency: Currency, value: unknown): Money | undefined {
  if (typeof value !== 'number' || Object.is(value, -0)) return undefined;
  const text = String(value);
  if (text.replace('.', '').length > EXACT_DIGITS) return undefined;
  return moneyFromDecimal(currency, text);
}

/** Reads `12.50`, as PostgreSQL prints a numeric. */
export function moneyFromDecimal(currency: Currency, text: string): Money | undefined {
  const match = /^(\d{1,15})(?:\.(\d+))?$/.exec(text);
  if (!match) return undefined;
  const places = DECIMALS[currency];
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  if (fraction.length > places) return undefined;
  return money(currency, BigInt(match[1]! + fraction.padEnd(places, '0')));
}

/** `12.5` for the wire. Exact: a decimal of at most 15 digits survives the trip through a double. */
export const toJson = (amount: Money): number => Number(toDecimal(amount));

/** `12.50` for SQL. */
export function toDecimal({ currency, units: value }: Money): string {
  const places = DECIMALS[currency];
  const whole: bigint = value;
  const digits = (whole < 0n ? -whole : whole).toString().padStart(places + 1, '0');
  return `${whole < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/**
 * Divides a whole into a share and the rest, the share rounded half up; share + rest is the whole again.
 * Basis points: 500 are 5 %.
 */
export function splitShare(whole: Money, shareBps: number): { share: Money; rest: Money } {
  const share = (whole.units * BigInt(shareBps) + 5_000n) / 10_000n;
  return { share: money(whole.currency, share), rest: money(whole.currency, whole.units - share) };
}

function sameCurrency(a: Money, b: Money): Currency {
  if (a.currency !== b.currency) throw new Error(`Cannot add ${a.currency} and ${b.currency}.`);
  return a.currency;
}
