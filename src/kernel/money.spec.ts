import fc from 'fast-check';
import {
  asUnits,
  type Currency,
  DECIMALS,
  minus,
  money,
  moneyFromDecimal,
  moneyFromJson,
  plus,
  points,
  splitShare,
  toDecimal,
  toJson,
} from './money.js';

const currency = fc.constantFrom<Currency>('points', 'usdc');
/** Fifteen digits in all: what a double carries without loss. */
const exact = fc.record({ currency, units: fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }).map(asUnits) });

describe('Money on the wire', () => {
  it('comes back from JSON as it went', () => {
    fc.assert(
      fc.property(exact, (amount) => {
        const text = JSON.stringify(toJson(amount));
        // Below a millionth JavaScript would write an exponent; a millionth is the least there is.
        expect(text).toMatch(/^\d+(\.\d+)?$/);
        expect(moneyFromJson(amount.currency, JSON.parse(text))).toEqual(amount);
      }),
    );
  });

  it('comes back from SQL as it went, with however many zeros', () => {
    fc.assert(
      fc.property(exact, fc.nat(6), (amount, zeros) => {
        const text = toDecimal(amount) + '0'.repeat(zeros);
        expect(moneyFromDecimal(amount.currency, text)).toEqual(amount);
      }),
    );
  });

  it.each([
    ['points', 0, 0n],
    ['points', 1, 100n],
    ['points', 12.5, 1_250n],
    ['points', 0.07, 7n],
    ['points', 4.35, 435n],
    ['points', 1_000_000, 100_000_000n],
    ['points', 9_999_999_999_999.99, 999_999_999_999_999n],
    ['usdc', 0.000001, 1n],
    ['usdc', 0.1, 100_000n],
    ['usdc', 999_999_999.999999, 999_999_999_999_999n],
  ] as const)('reads %s %d exactly', (of, value, units) => {
    expect(moneyFromJson(of, value)).toEqual(money(of, units));
  });

  it.each([
    ['a string', '12.50'],
    ['NaN', Number.NaN],
    ['infinity', JSON.parse('1e309')],
    ['a negative amount', -1],
    ['a negative zero', JSON.parse('-0')],
    ['a third decimal', 1.005],
    ['a sum that is no longer exact', 0.1 + 0.2],
    ['less than the least', 1e-7],
    ['an exponent', 1e21],
    ['sixteen digits', 1_234_567_890_123_456],
    ['sixteen digits, two of them decimals', 12_345_678_901_234.56],
    ['seventeen digits, which share a double with others', 123_456_789_012_345.67],
    ['null', null],
    ['nothing', undefined],
    ['a boolean', true],
    ['a bigint', 1n],
    ['a list', [1]],
    ['an object', { valueOf: () => 1 }],
    ['a boxed number', Object(1)],
  ])('refuses %s', (_, value) => {
    expect(moneyFromJson('points', value)).toBeUndefined();
  });

  it('refuses a seventh decimal of a USDC', () => {
    expect(moneyFromJson('usdc', 0.0000015)).toBeUndefined();
    expect(moneyFromJson('usdc', 1.0000001)).toBeUndefined();
  });

  it.each(['', '.', '1.', '.5', '+1', '-1', '1e2', '1,5', ' 1', '1 ', '1\n', '0x1', '1_0', '١', '1.005'])(
    'does not read %j as a decimal',
    (text) => {
      expect(moneyFromDecimal('points', text)).toBeUndefined();
    },
  );

  it.each([
    ['points', 0n, '0.00'],
    ['points', 5n, '0.05'],
    ['points', -5n, '-0.05'],
    ['points', 1_250n, '12.50'],
    ['points', -123_456n, '-1234.56'],
    ['usdc', 1n, '0.000001'],
    ['usdc', -1_500_000n, '-1.500000'],
  ] as const)('prints %s %d for SQL', (of, units, text) => {
    expect(toDecimal(money(of, units))).toBe(text);
  });
});

describe('Adding money', () => {
  it('gives back what was added', () => {
    fc.assert(
      fc.property(currency, fc.bigInt(), fc.bigInt(), (of, a, b) => {
        expect(minus(plus(money(of, a), money(of, b)), money(of, b))).toEqual(money(of, a));
      }),
    );
  });

  it('refuses to mix currencies', () => {
    expect(() => plus(points(1), money('usdc', 1n))).toThrow('Cannot add points and usdc.');
    expect(() => minus(money('usdc', 1n), points(1))).toThrow('Cannot add usdc and points.');
  });

  it('knows whole points, and only whole ones', () => {
    expect(toDecimal(points(110))).toBe('110.00');
    expect(() => points(0.5)).toThrow(RangeError);
  });
});

describe('splitShare', () => {
  it('loses nothing, and gives nobody less than nothing', () => {
    fc.assert(
      fc.property(exact, fc.nat(10_000), (whole, bps) => {
        const { share, rest } = splitShare(whole, bps);
        expect(plus(share, rest)).toEqual(whole);
        expect(share.units >= 0n && rest.units >= 0n).toBe(true);
      }),
    );
  });

  it('is never further than half a unit from the true share', () => {
    fc.assert(
      fc.property(exact, fc.nat(10_000), (whole, bps) => {
        const twiceTheError = 2n * (splitShare(whole, bps).share.units * 10_000n - whole.units * BigInt(bps));
        expect(twiceTheError > -10_000n && twiceTheError <= 10_000n).toBe(true);
      }),
    );
  });

  it.each([
    { whole: 9n, share: 0n },
    { whole: 10n, share: 1n },
    { whole: 29n, share: 1n },
    { whole: 30n, share: 2n },
    { whole: 10_000n, share: 500n },
  ])('rounds 5 % of $whole units half up to $share', ({ whole, share }) => {
    expect(splitShare(money('points', whole), 500).share.units).toBe(share);
  });

  it('keeps the currency, whose decimals are the least it divides', () => {
    expect(splitShare(money('usdc', 17n), 300)).toEqual({
      share: money('usdc', 1n),
      rest: money('usdc', 16n),
    });
    expect(DECIMALS).toEqual({ points: 2, usdc: 6 });
  });
});
