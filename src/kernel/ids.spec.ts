import { newEventId, newId, newRequestId } from './ids.js';

const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz';

describe('An id', () => {
  it.each(['agt', 'tsk', 'bid', 'sub', 'val', 'dsp', 'opk', 'aud'] as const)(
    'of %s fits VARCHAR(12)',
    (prefix) => {
      expect(newId(prefix)).toMatch(new RegExp(`^${prefix}_[0-9a-z]{8}$`));
    },
  );

  it('is longer for events and requests', () => {
    expect(newEventId()).toMatch(/^evt_[0-9a-z]{20}$/);
    expect(newRequestId()).toMatch(/^req_[0-9a-z]{16}$/);
  });

  it('comes once', () => {
    const ids = Array.from({ length: 20_000 }, newEventId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('favours no letter', () => {
    const drawn = Array.from({ length: 20_000 }, newEventId).join('').replaceAll('evt_', '');
    const expected = drawn.length / LETTERS.length;
    const chiSquare = [...LETTERS].reduce((sum, letter) => {
      const surplus = drawn.split(letter).length - 1 - expected;
      return sum + (surplus * surplus) / expected;
    }, 0);
    // With 35 degrees of freedom chance exceeds 120 once in 10^11 runs. Bytes modulo 36 would make the first
    // four letters an eighth likelier: about 700.
    expect(chiSquare).toBeLessThan(120);
  });
});
