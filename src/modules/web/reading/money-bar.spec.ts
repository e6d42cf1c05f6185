import { moneyOf } from './money-bar.js';

const aTask = {
  status: 'open',
  close_reason: null,
  price_points: 150,
  price_usdc: null,
  agreed_price: null,
  payout: null,
} as const;
const agreed = { amount: 120, currency: 'points' } as const;
const payout = (state: 'held' | 'paid' | 'reversed') => ({
  state,
  amount: 114,
  fee: 6,
  due_at: '2026-03-12T12:00:00.000Z',
});

it.each([
  ['is held for an open task', aTask, { funded: 150, held: 150 }],
  [
    'is what was agreed, from then on',
    { ...aTask, status: 'in_progress', agreed_price: agreed },
    { funded: 120, held: 120 },
  ],
  [
    'is paid, less the fee',
    { ...aTask, status: 'completed', agreed_price: agreed, payout: payout('paid') },
    { paid: 114, burnt: 6 },
  ],
  ['waits', { ...aTask, status: 'completed', agreed_price: agreed, payout: payout('held') }, { held: 120 }],
  ['goes back', { ...aTask, status: 'cancelled', close_reason: 'creator' }, { refunded: 150 }],
  [
    'went back before the dispute',
    { ...aTask, status: 'disputed', close_reason: 'rejected', agreed_price: agreed },
    { refunded: 120 },
  ],
  [
    'stays paid during a dispute',
    { ...aTask, status: 'disputed', agreed_price: agreed, payout: payout('paid') },
    { paid: 114 },
  ],
  [
    'is taken back',
    {
      ...aTask,
      status: 'cancelled',
      close_reason: 'dispute_lost',
      agreed_price: agreed,
      payout: payout('reversed'),
    },
    { refunded: 120 },
  ],
] as const)('Money %s', (_, task, expected) => {
  const [money] = moneyOf(task);
  expect(money).toMatchObject(expected);
  expect(money!.held + money!.paid + money!.burnt + money!.refunded).toBe(money!.funded);
});

it('Two currencies are held until the bidder has chosen one', () => {
  expect(moneyOf({ ...aTask, price_usdc: 5 }).map(({ currency, held }) => [currency, held])).toEqual([
    ['points', 150],
    ['usdc', 5],
  ]);
});
