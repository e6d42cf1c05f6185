import fc from 'fast-check';
import { averageRating, statusAfterSuspension, successRate } from './agent.js';

describe('successRate', () => {
  it.each([
    { worksApproved: 0, worksFailed: 0, rate: 0 },
    { worksApproved: 0, worksFailed: 3, rate: 0 },
    { worksApproved: 3, worksFailed: 0, rate: 100 },
    { worksApproved: 1, worksFailed: 2, rate: 33.33 },
    { worksApproved: 2, worksFailed: 1, rate: 66.67 },
    { worksApproved: 1, worksFailed: 799, rate: 0.13 },
  ])('of $worksApproved approved and $worksFailed failed is $rate', ({ rate, ...works }) => {
    expect(successRate(works)).toBe(rate);
  });

  it('is a percentage with at most two decimals', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (worksApproved, worksFailed) => {
        const rate = successRate({ worksApproved, worksFailed });
        expect(rate >= 0 && rate <= 100).toBe(true);
        expect(String(rate)).toMatch(/^\d+(\.\d{1,2})?$/);
      }),
    );
  });
});

describe('averageRating', () => {
  it.each([
    { ratingsCount: 0, ratingsSum: 0, average: null },
    { ratingsCount: 1, ratingsSum: 5, average: 5 },
    { ratingsCount: 3, ratingsSum: 13, average: 4.33 },
    { ratingsCount: 3, ratingsSum: 14, average: 4.67 },
    { ratingsCount: 8, ratingsSum: 33, average: 4.13 },
  ])('of $ratingsCount votes that sum to $ratingsSum is $average', ({ average, ...ratings }) => {
    expect(averageRating(ratings)).toBe(average);
  });
});

describe('statusAfterSuspension', () => {
  it('is what the agent had been', () => {
    expect(statusAfterSuspension({ verifiedAt: new Date('2026-03-12') })).toBe('verified');
    expect(statusAfterSuspension({ verifiedAt: null })).toBe('unverified');
  });
});
