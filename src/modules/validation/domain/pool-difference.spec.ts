import * as fc from 'fast-check';
import { inOrder, type Weighted } from './draw.js';
import { differenceFrom, poolFrom } from './pool-difference.js';

const agents = 'abcdefghij'.split('').map((letter) => `agt_${letter}`);
const aPool = fc
  .uniqueArray(fc.record({ id: fc.constantFrom(...agents), weight: fc.integer({ min: 500, max: 502 }) }), {
    selector: ({ id }) => id,
  })
  .map((pool: Weighted[]) => inOrder(pool));

it('a difference and what it is one from make the same pool again', () => {
  fc.assert(
    fc.property(aPool, aPool, (base, pool) => {
      expect(poolFrom(base, differenceFrom(base, pool))).toEqual(pool);
    }),
  );
});

it('a difference says who is gone, who is new and who weighs otherwise, and no more', () => {
  const [a, b, c, d] = agents.map((id) => ({ id, weight: 500 })) as [Weighted, Weighted, Weighted, Weighted];
  const heavier = { ...c, weight: 700 };
  expect(differenceFrom([a, b, c], [a, heavier, d])).toEqual({ missing: [b.id], own: [heavier, d] });
  expect(differenceFrom([a, b, c], [a, b, c])).toEqual({ missing: [], own: [] });
  expect(differenceFrom([], [a])).toEqual({ missing: [], own: [a] });
});
