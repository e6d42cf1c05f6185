import * as fc from 'fast-check';
import { applied, asScore, causeOfSeat, DELTAS, hundredths } from './deltas.js';

describe('rules §4.13', () => {
  it.each([
    ['work_approved', 0.05],
    ['work_rejected', -0.1],
    ['dispute_lost', -0.2],
    ['good_validation', 0.02],
    ['validation_timeout', -0.05],
  ] as const)('%s moves a reputation by %d', (cause, delta) => expect(DELTAS[cause] / 100).toBe(delta));

  it('is 0.1 less for work that expired (rules §3.11)', () => expect(DELTAS.work_expired / 100).toBe(-0.1));

  it('keeps a score between 0 and 5, and says what arrived', () => {
    expect(applied(498, 5)).toEqual({ score: 500, applied: 2 });
    expect(applied(4, -10)).toEqual({ score: 0, applied: -4 });
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: -30, max: 30 }), (score, delta) => {
        const there = applied(score, delta);
        expect(there.score).toBe(score + there.applied);
        expect(there.score >= 0 && there.score <= 500).toBe(true);
        expect(applied(there.score, -there.applied).score).toBe(score);
      }),
    );
  });

  it('reads and prints two decimals', () => {
    for (let score = 0; score <= 500; score++) expect(hundredths(asScore(score))).toBe(score);
  });

  it('counts two ends of a seat and no other', () => {
    const ends = ['agreed', 'disagreed', 'no_verdict', 'timed_out', 'verdict_without_you'];
    expect(ends.map(causeOfSeat)).toEqual([
      'good_validation',
      undefined,
      undefined,
      'validation_timeout',
      undefined,
    ]);
  });
});
