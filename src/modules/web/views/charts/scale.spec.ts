import { heightIn, scaleOf, ticksOf } from './scale.js';

it.each([
  [0, 100, [0, 25, 50, 75, 100]],
  [0, 7, [0, 2, 4, 6]],
  [-40, 1000, [0, 500, 1000]],
  [0, 0.9, [0, 0.25, 0.5, 0.75]],
])('between %d and %d the scale has %j', (low, high, ticks) => expect(ticksOf(low, high)).toEqual(ticks));

it.each([[[0, 0, 0]], [[3, 9, 4]], [[-5, 20]], [[1e9]], [[]]])('%j lies on its scale', (values) => {
  const scale = scaleOf(values);
  for (const value of [...values, ...scale.ticks]) {
    expect(heightIn(scale, value)).toBeGreaterThanOrEqual(0);
    expect(heightIn(scale, value)).toBeLessThanOrEqual(100);
  }
});
