import { after, DAY_MS } from '../../../kernel/clock.js';
import { counterpartyWeight, successLowerBound } from './counterparties.js';

const FIRST = new Date('2026-03-12T12:00:00.000Z');
const done = (creatorId: string, day: number) => ({ creatorId, at: after(FIRST, day * DAY_MS) });

describe('distinct counterparties', () => {
  it.each([
    { completions: [], distinct: 0, weighted: 0 },
    { completions: [done('a', 0), done('b', 1), done('c', 2)], distinct: 3, weighted: 3 },
    { completions: [done('a', 0), done('a', 1), done('a', 2)], distinct: 1, weighted: 1.83 },
    { completions: [done('a', 0), done('a', 30)], distinct: 1, weighted: 2 },
    { completions: [done('a', 0), done('a', 29)], distinct: 1, weighted: 1.5 },
  ])('$completions.length completions weigh $weighted', ({ completions, distinct, weighted }) => {
    expect(counterpartyWeight(completions)).toEqual({ distinct, weighted });
  });
});

it('gives the benefit of the doubt to nobody', () => {
  expect([successLowerBound(0, 0), successLowerBound(1, 0), successLowerBound(20, 0)]).toEqual([
    0, 0.2065, 0.8389,
  ]);
});
