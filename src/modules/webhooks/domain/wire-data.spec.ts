import { wireData } from './wire-data.js';

describe('Data on the wire', () => {
  it.each([
    ['an index as a name', { 10: 'a', 9: 'b', a: 'c' }, { _10: 'a', _9: 'b', a: 'c' }],
    ['what only looks like one', { '01': 1, '-1': 2, '1.5': 3 }, { '01': 1, '-1': 2, '1.5': 3 }],
    ['a negative zero', { n: -0 }, { n: 0 }],
    ['beyond 2^53', { n: 2 ** 53, m: -(2 ** 53) - 2 }, { n: '9007199254740992', m: '-9007199254740994' }],
    ['an exponent', { n: 1e21, m: 1e-7 }, { n: '1e+21', m: '1e-7' }],
    ['what Python prints with an exponent', { n: 0.00001 }, { n: '0.00001' }],
    [
      'ordinary numbers',
      { n: 12.34, m: 0.0001, k: 9007199254740991 },
      { n: 12.34, m: 0.0001, k: 9007199254740991 },
    ],
    ['half a surrogate pair', { t: 'a\ud83d', 'b\udc19': 1 }, { t: 'a\ufffd', 'b\ufffd': 1 }],
    ['deep inside', [{ a: [{ 1: -0 }] }], [{ a: [{ _1: 0 }] }]],
    ['nothing', null, null],
  ])('%s', (_, given, printed) => {
    expect(wireData(given)).toEqual(printed);
  });
});
