import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { draw, drawSeed, inOrder, weightOf, type Weighted } from './draw.js';

const seed = drawSeed(Buffer.alloc(32, 7), 'd'.repeat(64));
const pool = (count: number): Weighted[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `agt_${String(index).padStart(8, '0')}`,
    weight: 500 + index,
  }));

const pools = fc.uniqueArray(
  fc.record({ id: fc.string({ minLength: 1, maxLength: 8 }), weight: fc.integer({ min: 500, max: 1_000 }) }),
  { selector: ({ id }) => id, maxLength: 30 },
);

describe('draw', () => {
  it('weighs 500 and the reputation in hundredths', () => {
    expect([weightOf('0.00'), weightOf('4.25'), weightOf('5.00')]).toEqual([500, 925, 1_000]);
  });

  it('can be drawn again by hand', () => {
    const three = [
      { id: 'agt_c', weight: 1_000 },
      { id: 'agt_a', weight: 500 },
      { id: 'agt_b', weight: 500 },
    ];
    const place = byHand(seed, 0, 2_000);
    const first = place < 500 ? 'agt_a' : place < 1_000 ? 'agt_b' : 'agt_c';
    expect(draw(three, 1, seed)).toEqual([first]);
  });

  it('picks as many as are wanted, nobody twice, and everybody when more are wanted', () => {
    fc.assert(
      fc.property(pools, fc.nat(40), (anyPool, seats) => {
        const drawn = draw(anyPool, seats, seed);
        expect(drawn).toHaveLength(Math.min(seats, anyPool.length));
        expect(new Set(drawn).size).toBe(drawn.length);
      }),
    );
  });

  it('does not depend on the order in which the pool is given', () => {
    fc.assert(
      fc.property(pools, (anyPool) => {
        expect(draw(anyPool.toReversed(), 3, seed)).toEqual(draw(inOrder(anyPool), 3, seed));
      }),
    );
  });

  it('goes on where an earlier draw stopped', () => {
    const [first, second, third] = draw(pool(10), 3, seed);
    const left = pool(10).filter(({ id }) => id !== first && id !== second);
    expect(draw(left, 1, seed, 2)).toEqual([third]);
  });

  it('picks about as often as the weights say', () => {
    const wins = new Map<string, number>();
    const two = [
      { id: 'agt_heavy', weight: 1_000 },
      { id: 'agt_light', weight: 500 },
    ];
    for (let n = 0; n < 3_000; n++) {
      const [winner] = draw(two, 1, drawSeed(Buffer.alloc(32, 1), String(n)));
      wins.set(winner!, (wins.get(winner!) ?? 0) + 1);
    }
    expect(wins.get('agt_heavy')! / wins.get('agt_light')!).toBeCloseTo(2, 0);
  });
});

const byHand = (key: Buffer, index: number, weight: number): number =>
  Number(createHmac('sha256', key).update(String(index)).digest().readBigUInt64BE(0) % BigInt(weight));
