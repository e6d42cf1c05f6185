import { money, points } from '#kernel/money';
import { aTask, anAcceptedTask } from '#test/builders/board';
import { agreedPrice, amountOf, escrowMoves, priceIn, pricedAt, pricesOf } from './price.js';

const usdc = (millionths: bigint) => money('usdc', millionths);

it.each([
  { prices: { pricePoints: '150.00', priceUsdc: null }, amounts: [points(150)] },
  { prices: { pricePoints: null, priceUsdc: '5.000001' }, amounts: [usdc(5_000_001n)] },
  {
    prices: { pricePoints: '10.50', priceUsdc: '0.010000' },
    amounts: [money('points', 1050n), usdc(10_000n)],
  },
  { prices: { pricePoints: null, priceUsdc: null }, amounts: [] },
])('The prices of $prices', ({ prices, amounts }) => {
  expect(pricesOf(prices)).toEqual(amounts);
});

it('A price is of one currency', () => {
  const prices = { pricePoints: '10.00', priceUsdc: null };
  expect([priceIn(prices, 'points'), priceIn(prices, 'usdc')]).toEqual([points(10), undefined]);
  expect(pricedAt(usdc(5_000_000n))).toEqual({ pricePoints: null, priceUsdc: '5.000000' });
  expect(() => amountOf('points', '1.005')).toThrow('1.005');
});

it('What was agreed is known from the accept on', () => {
  expect(agreedPrice(aTask())).toBeUndefined();
  expect(agreedPrice(anAcceptedTask())).toEqual(points(120));
  expect(agreedPrice(anAcceptedTask({ acceptedCurrency: 'usdc' }))).toEqual(usdc(120_000_000n));
});

it.each([
  { before: ['100.00', null], after: ['100.00', null], changes: [] },
  { before: ['100.00', null], after: ['60.00', null], changes: [{ from: points(100), to: points(60) }] },
  { before: ['100.00', null], after: ['120.00', null], changes: [{ from: points(100), to: points(120) }] },
  {
    before: ['100.00', '5.000000'],
    after: ['100.00', null],
    changes: [{ from: usdc(5_000_000n), to: usdc(0n) }],
  },
  {
    before: ['100.00', null],
    after: [null, '5.000000'],
    changes: [
      { from: points(100), to: points(0) },
      { from: usdc(0n), to: usdc(5_000_000n) },
    ],
  },
])('From $before to $after', ({ before, after, changes }) => {
  const of = ([pricePoints, priceUsdc]: (string | null)[]) => ({
    pricePoints: pricePoints ?? null,
    priceUsdc: priceUsdc ?? null,
  });
  const moves = escrowMoves(of(before), of(after), 'v1');
  expect(moves).toEqual(changes.map((change) => ({ kind: 'resize', ...change, cause: 'v1' })));
});
