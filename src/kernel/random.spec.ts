import { drawBelow } from './random.js';

const seed = Buffer.from(Array.from({ length: 32 }, (_, byte) => byte));

describe('drawBelow', () => {
  // Computed by another program from the published rule; were one to change, no past draw could be checked.
  it.each([
    [0, 4_218_490_838_880_894_949n],
    [1, 8_602_352_253_608_820_220n],
    [2, 9_285_792_635_211_246_049n],
    [10, 4_996_618_851_206_197_935n],
  ])('takes the first eight bytes of the HMAC of %d', (index, drawn) => {
    expect(drawBelow(seed, index, 2n ** 64n)).toBe(drawn);
    expect(drawBelow(seed, index, 1_000n)).toBe(drawn % 1_000n);
  });

  it('reads the eight bytes without a sign', () => {
    expect(drawBelow(Buffer.from('seed'), 10, 2n ** 64n)).toBe(18_267_607_297_887_631_549n);
  });

  it('depends on the seed', () => {
    expect(drawBelow(Buffer.from('seed'), 0, 2n ** 64n)).toBe(271_675_675_578_932_007n);
  });

  it('has but one outcome below one, and none below nothing', () => {
    expect(drawBelow(seed, 7, 1n)).toBe(0n);
    expect(() => drawBelow(seed, 7, 0n)).toThrow(RangeError);
  });
});
