import { setImmediate as turn } from 'node:timers/promises';
import { SharedAnswers, writtenFor } from './shared-answers.js';

interface Page {
  n: number;
}

describe('Answers that several wait for', () => {
  let begun: string[];
  let ends: Map<string, (outcome: Page | Error) => void>;
  let answers: SharedAnswers<Page>;
  beforeEach(() => {
    begun = [];
    ends = new Map();
    answers = new SharedAnswers<Page>();
  });
  const ask = (key: string): Promise<Page> =>
    answers.get(
      key,
      () =>
        new Promise((resolve, reject) => {
          begun.push(key);
          ends.set(key, (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)));
        }),
    );
  const end = async (key: string, outcome: Page | Error): Promise<void> => {
    ends.get(key)!(outcome);
    await turn();
  };

  it('are read once for all who come before it begins', async () => {
    const all = [ask('a'), ask('a'), ask('a')];
    await turn();
    expect(begun).toEqual(['a']);
    await end('a', { n: 1 });
    const [first, ...others] = await Promise.all(all);
    for (const other of others) expect(other).toBe(first);
  });

  it('are never those of a read that had begun', async () => {
    const before = ask('a');
    await turn();
    const after = [ask('a'), ask('a')];
    await turn();
    expect(begun).toEqual(['a']);
    await end('a', { n: 1 });
    expect(await before).toEqual({ n: 1 });
    expect(begun).toEqual(['a', 'a']);
    await end('a', { n: 2 });
    expect(await Promise.all(after)).toEqual([{ n: 2 }, { n: 2 }]);
  });

  it('do not wait for others, and do not fail with them', async () => {
    const [bad, good] = [ask('bad'), ask('good')];
    await turn();
    expect(begun).toEqual(['bad', 'good']);
    await Promise.all([expect(bad).rejects.toThrow('too much'), end('bad', new Error('too much'))]);
    await end('good', { n: 1 });
    expect(await good).toEqual({ n: 1 });
    const again = ask('bad');
    await turn();
    await end('bad', { n: 2 });
    expect(await again).toEqual({ n: 2 });
  });

  it('are written once for all, and every other answer by itself', async () => {
    const both = [ask('a'), ask('a')];
    await turn();
    await end('a', { n: 1 });
    const [one, other] = await Promise.all(both);
    expect(writtenFor(one!)).toBe(writtenFor(other!));
    expect(writtenFor(one!).text).toBe('{"n":1}');
    const own = { n: 1 };
    expect(writtenFor(own)).toEqual(writtenFor(one!));
    own.n = 2;
    expect(writtenFor(own).text).toBe('{"n":2}');
  });
});
