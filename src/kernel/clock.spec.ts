import fc from 'fast-check';
import {
  after,
  before,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  periodStart,
  SECOND_MS,
  SystemClock,
  utcDay,
} from './clock.js';

const time = fc.date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });
const at = (text: string): Date => new Date(text);

it('after and before undo each other and leave the time they were given alone', () => {
  fc.assert(
    fc.property(time, fc.nat(40 * DAY_MS), (now, ms) => {
      const was = now.getTime();
      expect(after(now, ms).getTime() - was).toBe(ms);
      expect(before(after(now, ms), ms)).toEqual(now);
      expect(now.getTime()).toBe(was);
    }),
  );
});

describe('periodStart', () => {
  it.each([
    ['2026-03-12T00:00:00.000Z', DAY_MS, '2026-03-12T00:00:00.000Z'],
    ['2026-03-12T23:59:59.999Z', DAY_MS, '2026-03-12T00:00:00.000Z'],
    ['2026-03-12T10:07:31.250Z', HOUR_MS, '2026-03-12T10:00:00.000Z'],
    ['2026-03-12T10:07:31.250Z', 5 * MINUTE_MS, '2026-03-12T10:05:00.000Z'],
    ['2026-03-12T10:07:31.250Z', SECOND_MS, '2026-03-12T10:07:31.000Z'],
    // The first of January 1970 was a Thursday, so weeks begin on Thursdays.
    ['2026-03-12T10:07:31.250Z', 7 * DAY_MS, '2026-03-12T00:00:00.000Z'],
    ['1969-12-31T23:59:59.999Z', DAY_MS, '1969-12-31T00:00:00.000Z'],
  ])('of %s in periods of %d ms is %s', (now, lengthMs, start) => {
    expect(periodStart(at(now), lengthMs)).toEqual(at(start));
  });

  it('is at or before the time, by less than a period, and its own start', () => {
    fc.assert(
      fc.property(time, fc.integer({ min: 1, max: 40 * DAY_MS }), (now, lengthMs) => {
        const start = periodStart(now, lengthMs);
        const into = now.getTime() - start.getTime();
        expect(into >= 0 && into < lengthMs).toBe(true);
        expect(periodStart(start, lengthMs)).toEqual(start);
      }),
    );
  });
});

it('utcDay is the day in UTC, wherever the machine stands', () => {
  expect(utcDay(at('2026-03-12T00:30:00+02:00'))).toBe('2026-03-11');
  expect(utcDay(at('2026-03-12T23:30:00-02:00'))).toBe('2026-03-13');
});

it('SystemClock says what time it is', () => {
  const earliest = Date.now();
  const said = new SystemClock().now().getTime();
  expect(said).toBeGreaterThanOrEqual(earliest);
  expect(said).toBeLessThanOrEqual(Date.now());
});
