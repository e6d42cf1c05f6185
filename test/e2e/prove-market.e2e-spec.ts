import { liveOnce, type Life } from '../../scripts/prove/market/life.js';

/** A thousandth of `npm run prove:market`. */
describe('The rules of the board, lived', () => {
  const lives: Life[] = [];
  const ends = (status: keyof Life['ends']): number =>
    lives.reduce((sum, life) => sum + (life.ends[status] ?? 0), 0);

  it('conserve money, keep escrows exact and end what nobody judges, in a hundred lives', () => {
    for (let seed = 0; seed < 100; seed++) lives.push(liveOnce(seed, 100));
    const broken = lives.flatMap(({ violation }, seed) =>
      violation === undefined ? [] : [{ seed, violation }],
    );
    expect(broken).toEqual([]);
  });

  it('are lives in which things happen', () => {
    for (const status of ['completed', 'cancelled', 'submitted', 'validating', 'disputed'] as const)
      expect(ends(status)).toBeGreaterThan(0);
  });

  it('are the same whenever they are lived again', () => {
    const told = (): string[] => {
      const lines: string[] = [];
      liveOnce(4711, 100, (line) => lines.push(line));
      return lines;
    };
    const first = told();
    expect(first).toHaveLength(100);
    expect(told()).toEqual(first);
  });
});
