import * as fc from 'fast-check';
import { after, DAY_MS } from '#kernel/clock';
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

it('is counted for each of many completions by looking back thirty days', () => {
  const oneBy = fc.record({ creatorId: fc.constantFrom('a', 'b', 'c'), day: fc.nat(100) });
  fc.assert(
    fc.property(fc.array(oneBy, { maxLength: 60 }), (some) => {
      const completions = some
        .toSorted((a, b) => a.day - b.day)
        .map(({ creatorId, day }) => done(creatorId, day));
      const weightOf = ({ creatorId, at }: (typeof completions)[number], index: number): number =>
        1 /
        completions
          .slice(0, index + 1)
          .filter((one) => one.creatorId === creatorId && after(one.at, 30 * DAY_MS) > at).length;
      const weights = completions.map(weightOf).reduce((sum, weight) => sum + weight, 0);
      expect(counterpartyWeight(completions).weighted).toBeCloseTo(weights, 1);
    }),
  );
});

it('is counted for very many completions: walked through for each, these would take a quarter of an hour', () => {
  const many = Array.from({ length: 200_000 }, (_, index) => done('a', index / 10_000));
  expect(counterpartyWeight(many).distinct).toBe(1);
});

describe('the lower bound of the success rate', () => {
  it('gives the benefit of the doubt to nobody', () => {
    expect([successLowerBound(0, 0), successLowerBound(1, 0), successLowerBound(20, 0)]).toEqual([
      0, 0.2065, 0.8389,
    ]);
  });

  /** Its definition (Wilson 1927): the smaller p for which the observed share lies z standard errors away. */
  it('is where the observed share is 1.96 standard errors above', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(500), (approved, failed) => {
        const of = approved + failed;
        const bound = successLowerBound(approved, failed);
        const errors = (p: number): number => (approved / of - p) / Math.sqrt((p * (1 - p)) / of);
        expect(errors(bound - 0.0001)).toBeGreaterThan(1.96);
        expect(errors(bound + 0.0001)).toBeLessThan(1.96);
      }),
    );
    expect([successLowerBound(0, 5), successLowerBound(8, 2), successLowerBound(12, 1)]).toEqual([
      0, 0.4902, 0.6669,
    ]);
  });
});
