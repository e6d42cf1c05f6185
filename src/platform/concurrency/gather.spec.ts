import { setImmediate as turn } from 'node:timers/promises';
import { Gather } from './gather.js';

interface Query {
  keys: readonly string[];
  answer(values?: ReadonlyMap<string, string>): void;
  fail(error: Error): void;
}

/** Queries that stay unanswered until the test answers them. */
function held(lanes?: number, keysMax?: number): { gather: Gather<string>; queries: Query[] } {
  const queries: Query[] = [];
  const load = (keys: readonly string[]): Promise<ReadonlyMap<string, string>> =>
    new Promise((resolve, reject) => {
      const all = new Map(keys.map((key) => [key, `${key}!`]));
      queries.push({ keys, answer: (values = all) => resolve(values), fail: reject });
    });
  return { gather: new Gather(load, lanes, keysMax), queries };
}

/** Long enough for everything that is due to be sent, and for answers to arrive. */
async function settle(): Promise<void> {
  for (let nth = 0; nth < 3; nth++) await turn();
}
const keysOf = (queries: readonly Query[]): (readonly string[])[] => queries.map(({ keys }) => keys);

describe('Reads that arrive together', () => {
  it('share a query, in which each key stands once', async () => {
    const { gather, queries } = held();
    const answers = Promise.all(['a', 'b', 'a'].map((key) => gather.get(key)));
    await settle();
    expect(keysOf(queries)).toEqual([['a', 'b']]);
    queries[0]!.answer();
    expect(await answers).toEqual(['a!', 'b!', 'a!']);
  });

  it('share it also with those that arrive later in the same turn', async () => {
    const { gather, queries } = held();
    void gather.get('a');
    await Promise.resolve();
    process.nextTick(() => void gather.get('b'));
    await settle();
    expect(keysOf(queries)).toEqual([['a', 'b']]);
  });

  it('are each answered with their own value, or with none', async () => {
    const { gather, queries } = held();
    const answers = Promise.all(['a', 'b'].map((key) => gather.get(key)));
    await settle();
    queries[0]!.answer(new Map([['b', 'B']]));
    expect(await answers).toEqual([undefined, 'B']);
  });

  it('ask for nothing when there are none', async () => {
    const { gather, queries } = held();
    void gather.get('a');
    await settle();
    queries[0]!.answer();
    await settle();
    expect(queries).toHaveLength(1);
  });
});

describe('A read', () => {
  it('never joins a query that was sent, not even one for its key', async () => {
    const { gather, queries } = held();
    const early = gather.get('a');
    await settle();
    const late = gather.get('a');
    await settle();
    expect(keysOf(queries)).toEqual([['a'], ['a']]);
    queries[1]!.answer(new Map([['a', 'new']]));
    queries[0]!.answer(new Map([['a', 'old']]));
    expect([await early, await late]).toEqual(['old', 'new']);
  });

  it('sees every change that was made before it', async () => {
    const kept = new Map([['a', 0]]);
    const gather = new Gather<number>(async (keys) => {
      const seen = new Map(keys.map((key) => [key, kept.get(key)!]));
      await turn();
      return seen;
    });
    const reads: Promise<void>[] = [];
    for (let value = 1; value <= 50; value++) {
      kept.set('a', value);
      reads.push(gather.get('a').then((seen) => expect(seen).toBeGreaterThanOrEqual(value)));
      if (value % 3 === 0) await turn();
    }
    await Promise.all(reads);
  });

  it('is asked again after it was answered: nothing is cached', async () => {
    const { gather, queries } = held();
    for (const value of ['one', 'two']) {
      const answer = gather.get('a');
      await settle();
      queries.at(-1)!.answer(new Map([['a', value]]));
      expect(await answer).toBe(value);
    }
  });
});

describe('Lanes', () => {
  it('are all used, and what finds none free waits and goes as one', async () => {
    const { gather, queries } = held(2);
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      void gather.get(key);
      await settle();
    }
    expect(keysOf(queries)).toEqual([['a'], ['b']]);
    queries[1]!.answer();
    await settle();
    expect(keysOf(queries)).toEqual([['a'], ['b'], ['c', 'd', 'e']]);
  });

  it('come free after an error too', async () => {
    const { gather, queries } = held(1);
    const failing = gather.get('a');
    await settle();
    const waiting = gather.get('b');
    queries[0]!.fail(new Error('gone'));
    await expect(failing).rejects.toThrow('gone');
    await settle();
    queries[1]!.answer();
    expect(await waiting).toBe('b!');
  });
});

describe('keysMax', () => {
  it('splits what is too much for one query, first come, first served', async () => {
    const { gather, queries } = held(1, 2);
    const answers = Promise.all(['a', 'b', 'c', 'd', 'e', 'c'].map((key) => gather.get(key)));
    for (let nth = 0; nth < 3; nth++) {
      await settle();
      expect(queries).toHaveLength(nth + 1);
      queries[nth]!.answer();
    }
    expect(await answers).toEqual(['a!', 'b!', 'c!', 'd!', 'e!', 'c!']);
    expect(keysOf(queries)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('lets the rest go through the other lanes at once', async () => {
    const { gather, queries } = held(2, 2);
    for (const key of ['a', 'b', 'c', 'd', 'e']) void gather.get(key);
    await settle();
    expect(keysOf(queries)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });
});

describe('An error', () => {
  it('reaches everybody in its batch, and nobody else', async () => {
    const { gather, queries } = held(2);
    const batch = Promise.allSettled([gather.get('a'), gather.get('a'), gather.get('b')]);
    await settle();
    const other = gather.get('a');
    await settle();
    const error = new Error('gone');
    queries[0]!.fail(error);
    queries[1]!.answer();
    expect(await batch).toEqual([1, 2, 3].map(() => ({ status: 'rejected', reason: error })));
    expect(await other).toBe('a!');
  });

  it('may also be thrown before there is a promise', async () => {
    let calls = 0;
    const gather = new Gather<string>(() => {
      if (++calls === 1) throw new Error('no pool');
      return Promise.resolve(new Map([['a', 'A']]));
    }, 1);
    await expect(gather.get('a')).rejects.toThrow('no pool');
    expect(await gather.get('a')).toBe('A');
  });
});
