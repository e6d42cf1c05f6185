import { accuracyOf, isReliable, wilsonLower, wilsonUpper } from './accuracy.js';

const run = (right: number, wrong: number): boolean[] => [
  ...Array<boolean>(right).fill(true),
  ...Array<boolean>(wrong).fill(false),
];

describe('accuracy', () => {
  it.each([
    { right: 0, wrong: 4, reliable: true },
    { right: 0, wrong: 5, reliable: false },
    { right: 2, wrong: 3, reliable: false },
    { right: 3, wrong: 2, reliable: true },
    { right: 12, wrong: 8, reliable: false },
    { right: 13, wrong: 7, reliable: true },
  ])('of $right right and $wrong wrong: $reliable', ({ right, wrong, reliable }) => {
    expect(isReliable(run(right, wrong))).toBe(reliable);
  });

  it('counts the last twenty alone, so that a bad run passes', () => {
    expect(isReliable([...run(20, 0), ...run(0, 50)])).toBe(true);
  });

  it('is stricter by the raw ratio', () => {
    expect(isReliable(run(15, 5), 'ratio')).toBe(false);
    expect(isReliable(run(16, 4), 'ratio')).toBe(true);
  });

  it('shows the raw ratio', () => {
    expect([accuracyOf([]), accuracyOf(run(3, 1))]).toEqual([null, 0.75]);
  });

  it('has its bounds around the ratio', () => {
    expect(wilsonUpper(16, 20)).toBeCloseTo(0.919, 3);
    expect(wilsonLower(16, 20)).toBeCloseTo(0.584, 3);
  });
});
