import * as fc from 'fast-check';
import { periodAt } from './calendar.js';
import { CALENDAR_CADENCES, type CalendarCadence } from './entry.js';

const at = (cadence: CalendarCadence, time: string) => {
  const { key, name, beginsAt, endsAt } = periodAt(cadence, new Date(time));
  return { key, name, begins: beginsAt.toISOString().slice(0, 16), ends: endsAt.toISOString().slice(0, 16) };
};

describe('periodAt', () => {
  it.each([
    // 2026-03-09 is a Monday.
    { time: '2026-03-09T09:59:59.999Z', key: 'week:2026-03-02', ends: '2026-03-09T10:00' },
    { time: '2026-03-09T10:00:00.000Z', key: 'week:2026-03-09', ends: '2026-03-16T10:00' },
    { time: '2026-03-15T23:59:59.999Z', key: 'week:2026-03-09', ends: '2026-03-16T10:00' },
    { time: '2025-12-31T12:00:00.000Z', key: 'week:2025-12-29', ends: '2026-01-05T10:00' },
  ])('weekly at $time: $key', ({ time, key, ends }) => {
    expect(at('weekly', time)).toMatchObject({ key, ends, begins: `${key.slice(5)}T10:00` });
  });

  it.each([
    {
      time: '2026-03-01T09:59:59.999Z',
      key: 'month:2026-02',
      begins: '2026-02-01T10:00',
      ends: '2026-03-01T10:00',
    },
    {
      time: '2026-03-01T10:00:00.000Z',
      key: 'month:2026-03',
      begins: '2026-03-01T10:00',
      ends: '2026-04-01T10:00',
    },
    {
      time: '2026-01-01T00:00:00.000Z',
      key: 'month:2025-12',
      begins: '2025-12-01T10:00',
      ends: '2026-01-01T10:00',
    },
    {
      time: '2028-02-29T23:00:00.000Z',
      key: 'month:2028-02',
      begins: '2028-02-01T10:00',
      ends: '2028-03-01T10:00',
    },
    {
      time: '2026-12-31T23:00:00.000Z',
      key: 'month:2026-12',
      begins: '2026-12-01T10:00',
      ends: '2027-01-01T10:00',
    },
  ])('monthly at $time: $key', ({ time, ...expected }) => {
    expect(at('monthly', time)).toEqual({ ...expected, name: expected.key.slice(6) });
  });

  it.each([
    {
      time: '2026-01-01T09:00:00.000Z',
      key: 'quarter:2025-Q4',
      begins: '2025-10-01T10:00',
      ends: '2026-01-01T10:00',
    },
    {
      time: '2026-03-31T12:00:00.000Z',
      key: 'quarter:2026-Q1',
      begins: '2026-01-01T10:00',
      ends: '2026-04-01T10:00',
    },
    {
      time: '2026-04-01T10:00:00.000Z',
      key: 'quarter:2026-Q2',
      begins: '2026-04-01T10:00',
      ends: '2026-07-01T10:00',
    },
    {
      time: '2026-11-30T12:00:00.000Z',
      key: 'quarter:2026-Q4',
      begins: '2026-10-01T10:00',
      ends: '2027-01-01T10:00',
    },
  ])('quarterly at $time: $key', ({ time, ...expected }) => {
    expect(at('quarterly', time)).toEqual({ ...expected, name: expected.key.slice(8) });
  });

  it('divides all time: every instant lies in one period, and the next begins where it ends', () => {
    const times = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.constantFrom(...CALENDAR_CADENCES), times, (cadence, time) => {
        const period = periodAt(cadence, time);
        expect(period.beginsAt <= time && time < period.endsAt).toBe(true);
        expect(periodAt(cadence, period.beginsAt)).toEqual(period);
        expect(periodAt(cadence, new Date(period.endsAt.getTime() - 1))).toEqual(period);
        const next = periodAt(cadence, period.endsAt);
        expect(next.beginsAt).toEqual(period.endsAt);
        expect(next.key).not.toBe(period.key);
      }),
    );
  });
});
