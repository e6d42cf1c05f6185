import { day, fullDay, number, short } from './format.js';

const INTL = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

it.each([
  [0, '0'],
  [7, '7'],
  [999, '999'],
  [999.999, '1,000'],
  [1000, '1,000'],
  [1204.5, '1,204.5'],
  [1234567.891, '1,234,567.89'],
  [-1204.05, '-1,204.05'],
  [314000.1234, '314,000.12'],
])('%d is %s', (value, text) => {
  expect(number(value)).toBe(text);
  expect(number(value)).toBe(INTL.format(value));
});

it('Days are those of UTC', () => {
  expect(day('2026-03-12')).toBe('Mar 12');
  expect(fullDay(new Date('2026-12-31T23:59:59Z'))).toBe('Dec 31, 2026');
});

it('Where there is little room, numbers are short', () => {
  expect([12, 1_250, 12_400, 3_150_000, 0.127].map(short)).toEqual(['12', '1.3k', '12k', '3.1M', '0.13']);
});

it('A short number that is rounded up to the next unit is told in it', () => {
  expect([999_499, 999_500, 999_999, 1_000_000].map(short)).toEqual(['999k', '1M', '1M', '1M']);
  expect([999.4, 999.5, 9_949, 9_960, 9_999].map(short)).toEqual(['999', '1k', '9.9k', '10k', '10k']);
});
