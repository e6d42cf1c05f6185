import fc from 'fast-check';
import { canonicalJson } from './canonical-json.js';

/** What JSON.parse can give, names like `__proto__` included. */
const parsed = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);

/** The same value with the members of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, reversed(member)]),
  );
}

describe('canonicalJson', () => {
  it('prints the example of RFC 8785 as the RFC does', () => {
    const value: unknown = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`);
    expect(canonicalJson(value)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],` +
        String.raw`"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('sorts names by their UTF-16 units, as the RFC does', () => {
    const value: unknown = JSON.parse(String.raw`{
      "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
    }`);
    const inOrder = [...canonicalJson(value).matchAll(/:"([^"]+)"/g)].map(([, text]) => text);
    expect(inOrder).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it('does not depend on the order of the members, however deep', () => {
    fc.assert(
      fc.property(parsed, (value) => expect(canonicalJson(reversed(value))).toBe(canonicalJson(value))),
    );
    expect(canonicalJson({ b: { d: 1, c: [{ f: 1, e: 2 }] }, a: 0 })).toBe(
      '{"a":0,"b":{"c":[{"e":2,"f":1}],"d":1}}',
    );
  });

  it('means what it was made from, so that two values share no text', () => {
    fc.assert(fc.property(parsed, (value) => expect(JSON.parse(canonicalJson(value))).toEqual(value)));
  });

  it('depends on the order of a list', () => {
    expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
  });

  it.each([
    ['{"__proto__":1}', '{"__proto__":1}'],
    ['{"10":1,"9":2,"a":3}', '{"10":1,"9":2,"a":3}'],
    ['{"a":-0}', '{"a":0}'],
    ['{"a":1.0}', '{"a":1}'],
    ['{"":[]}', '{"":[]}'],
    ['"\\u2028"', '"\u2028"'],
    ['null', 'null'],
  ])('prints %s as %s', (text, canonical) => {
    expect(canonicalJson(JSON.parse(text))).toBe(canonical);
  });

  it('prints what JSON has no word for as JSON.stringify does', () => {
    const values = { absent: undefined, list: [undefined, Number.NaN] };
    expect(canonicalJson(values)).toBe(JSON.stringify(values));
    expect(canonicalJson(undefined)).toBe('null');
  });

  it('prints a date as JSON.stringify does', () => {
    const at = new Date('2026-03-12T00:00:00.000Z');
    expect(canonicalJson({ at })).toBe('{"at":"2026-03-12T00:00:00.000Z"}');
  });
});
