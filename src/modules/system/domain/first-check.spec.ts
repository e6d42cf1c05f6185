import { firstCheckFrom } from './first-check.js';

const at = (time: string): Date => new Date(`2026-03-12T${time}Z`);

describe('firstCheckFrom', () => {
  it.each([
    { name: 'too few are there', tooFew: undefined, expected: '13:00:00.000' },
    { name: 'too few from before the next hour on', tooFew: '12:30:00.000', expected: '13:00:00.000' },
    { name: 'too few from the next hour on', tooFew: '13:00:00.000', expected: '13:00:00.000' },
    { name: 'too few a moment later', tooFew: '13:00:00.001', expected: '14:00:00.000' },
    { name: 'too few from a full hour on', tooFew: '20:00:00.000', expected: '20:00:00.000' },
    { name: 'too few within a later hour', tooFew: '20:15:00.000', expected: '21:00:00.000' },
  ])('$name: $expected', ({ tooFew, expected }) => {
    expect(firstCheckFrom(at('13:00:00.000'), tooFew === undefined ? undefined : at(tooFew))).toEqual(
      at(expected),
    );
  });
});
