import * as fc from 'fast-check';
import { money, points, toDecimal, type Money } from '#kernel/money';
import { BALANCE_CAP, creditFor, daysToPay, EMISSION_DAY_CAP, planEmission } from './emission.js';

const day = (text: string): Date => new Date(`${text}T00:00:00.000Z`);
const inCents = (max: Money) => fc.bigInt({ min: 0n, max: max.units }).map((units) => money('points', units));

describe('planEmission', () => {
  it.each([
    { supply: 0, eligible: 0, rate: '20.00', share: '20.00' },
    { supply: 500_000, eligible: 500, rate: '20.00', share: '20.00' },
    { supply: 500_000, eligible: 501, rate: '20.00', share: '19.96' },
    { supply: 500_001, eligible: 500, rate: '10.00', share: '10.00' },
    { supply: 500_001, eligible: 1_000, rate: '10.00', share: '10.00' },
    { supply: 500_001, eligible: 1_001, rate: '10.00', share: '9.99' },
    { supply: 0, eligible: 1_000_000, rate: '20.00', share: '0.01' },
    { supply: 0, eligible: 1_000_001, rate: '20.00', share: '0.00' },
  ])('$supply about, $eligible eligible → $share', ({ supply, eligible, rate, share }) => {
    const plan = planEmission(points(supply), eligible);
    expect([toDecimal(plan.rate), toDecimal(plan.share)]).toEqual([rate, share]);
  });

  it('never pays more than the cap of a day, nor lifts a balance over its own', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2_000_000 }),
        inCents(points(1_000_000)),
        fc.array(inCents(points(6_000)), { maxLength: 50 }),
        (eligible, supply, balances) => {
          const { share } = planEmission(supply, eligible);
          expect(share.units * BigInt(eligible)).toBeLessThanOrEqual(EMISSION_DAY_CAP.units);
          for (const balance of balances) {
            const credit = creditFor(share, balance);
            expect(credit.units).toBeGreaterThanOrEqual(0n);
            expect(credit.units).toBeLessThanOrEqual(share.units);
            const lifted = credit.units > 0n ? balance.units + credit.units : 0n;
            expect(lifted).toBeLessThanOrEqual(BALANCE_CAP.units);
          }
        },
      ),
    );
  });

  it('credits only what fits under the cap of a balance', () => {
    expect(toDecimal(creditFor(points(20), money('points', 499_250n)))).toBe('7.50');
    expect(toDecimal(creditFor(points(20), points(5_000)))).toBe('0.00');
    expect(toDecimal(creditFor(points(20), points(9_000)))).toBe('0.00');
  });
});

describe('daysToPay', () => {
  it.each([
    { name: 'the first day ever', last: undefined, expected: ['2026-03-12'] },
    { name: 'already paid today', last: '2026-03-12', expected: [] },
    { name: 'a clock that went back', last: '2026-03-20', expected: [] },
    { name: 'nothing missed', last: '2026-03-11', expected: ['2026-03-12'] },
    {
      name: 'over the end of a month',
      last: '2026-02-27',
      now: '2026-03-02',
      expected: ['2026-02-28', '2026-03-01', '2026-03-02'],
    },
    {
      name: 'seven missed',
      last: '2026-03-04',
      expected: ['05', '06', '07', '08', '09', '10', '11', '12'].map((d) => `2026-03-${d}`),
    },
    {
      name: 'a month missed: seven and today',
      last: '2026-02-01',
      expected: ['05', '06', '07', '08', '09', '10', '11', '12'].map((d) => `2026-03-${d}`),
    },
  ])('$name', ({ last, now, expected }) => {
    const at = new Date(`${now ?? '2026-03-12'}T17:30:00.000Z`);
    expect(daysToPay(last === undefined ? undefined : day(last), at)).toEqual(expected.map(day));
  });
});
