import fc from 'fast-check';
import { claimsLapsedBefore, normalHandle } from './handle.js';

describe('normalHandle', () => {
  it.each([
    ['@Alexey_Founder', 'alexey_founder'],
    ['alexey_founder', 'alexey_founder'],
    [' @a\n', 'a'],
    ['_', '_'],
    ['0123456789abcde', '0123456789abcde'],
  ])('of %j is %j', (text, handle) => {
    expect(normalHandle(text)).toBe(handle);
  });

  it.each([
    '',
    '@',
    ' ',
    '@@a',
    '@ a',
    'a b',
    'a-b',
    'a.b',
    'a@b',
    'a\nb',
    'https://x.com/a',
    '0123456789abcdef',
    'алексей',
    'ａ',
    // The Kelvin sign and the dotted capital I turn into ASCII letters, or nearly, when they become small.
    '\u212Aevin',
    '\u0130vo',
    '\u017Fam',
    '٣',
    'a\0',
  ])('of %j is none', (text) => {
    expect(normalHandle(text)).toBeUndefined();
  });

  it('is its own normal form, the same for every way of writing it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_]{1,15}$/), (text) => {
        const handle = normalHandle(text)!;
        for (const spelling of [handle, `@${text}`, ` ${text.toUpperCase()} `]) {
          expect(normalHandle(spelling)).toBe(handle);
        }
      }),
    );
  });
});

it('A claim lapses 48 hours after it was registered', () => {
  expect(claimsLapsedBefore(new Date('2026-03-12T10:00:00Z'))).toEqual(new Date('2026-03-10T10:00:00Z'));
});
