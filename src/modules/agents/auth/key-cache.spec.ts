import { KeyCache } from './key-cache.js';

const KEPT_MS = 10_000;
const GOOD_MAX = 50_000;
const REFUSED_MAX = 10_000;

let now: number;
let cache: KeyCache<string>;

beforeEach(() => {
  now = 1_000_000;
  cache = new KeyCache(KEPT_MS, () => now);
});

const put = (hash: string, agentId = 'agt_a', identity = `caller of ${hash}`): void =>
  cache.watch()(hash, agentId, identity);
const refuse = (hash: string, agentId = 'agt_a'): void => put(hash, agentId, 'refused');

describe('A key that was looked up', () => {
  it('is remembered, and others are not known', () => {
    put('h1');
    expect(cache.get('h1')).toBe('caller of h1');
    expect(cache.get('h2')).toBeUndefined();
  });

  it('is remembered as refused when it opens nothing', () => {
    refuse('h1');
    expect(cache.get('h1')).toBe('refused');
  });

  it.each(['caller', 'refused'])('is forgotten when its time is over (%s)', (identity) => {
    put('h1', 'agt_a', identity);
    now += KEPT_MS - 1;
    expect(cache.get('h1')).toBe(identity);
    now += 1;
    expect(cache.get('h1')).toBeUndefined();
  });

  it('does not live longer by being used', () => {
    put('h1');
    for (let nth = 0; nth < 10; nth++) {
      now += KEPT_MS / 10;
      cache.get('h1');
    }
    expect(cache.get('h1')).toBeUndefined();
  });

  it('may turn out otherwise the next time', () => {
    put('h1');
    now += KEPT_MS;
    refuse('h1');
    expect(cache.get('h1')).toBe('refused');
    now += KEPT_MS;
    put('h1');
    expect(cache.get('h1')).toBe('caller of h1');
  });

  it('may turn out otherwise while it is still remembered', () => {
    put('h1');
    refuse('h1');
    expect(cache.get('h1')).toBe('refused');
    put('h1');
    expect(cache.get('h1')).toBe('caller of h1');
  });
});

describe('A drop', () => {
  it('forgets all keys of the agent, good and refused, and of nobody else', () => {
    put('h1', 'agt_a');
    put('h2', 'agt_a');
    refuse('h3', 'agt_a');
    put('h4', 'agt_b');
    cache.drop('agt_a');
    expect(['h1', 'h2', 'h3'].map((hash) => cache.get(hash))).toEqual([undefined, undefined, undefined]);
    expect(cache.get('h4')).toBe('caller of h4');
  });

  it('of an agent that nobody knows is none of its business', () => {
    expect(() => cache.drop('agt_z')).not.toThrow();
  });

  it('during a look-up keeps its answer from being remembered: it may have been read before the change', () => {
    const remember = cache.watch();
    cache.drop('agt_a');
    remember('h1', 'agt_a', 'the caller before the change');
    expect(cache.get('h1')).toBeUndefined();
  });

  it('is over for look-ups that begin after it', () => {
    cache.drop('agt_a');
    put('h1');
    expect(cache.get('h1')).toBe('caller of h1');
  });

  it('of everything forgets everything, and what is just being looked up', () => {
    put('h1', 'agt_a');
    refuse('h2', 'agt_b');
    const remember = cache.watch();
    cache.clear();
    remember('h3', 'agt_c', 'caller');
    expect(['h1', 'h2', 'h3'].map((hash) => cache.get(hash))).toEqual([undefined, undefined, undefined]);
  });

  it('still finds keys that were remembered again after they ran out', () => {
    put('h1', 'agt_a');
    now += KEPT_MS;
    expect(cache.get('h1')).toBeUndefined();
    put('h1', 'agt_a');
    cache.drop('agt_a');
    expect(cache.get('h1')).toBeUndefined();
  });
});

describe('A flood', () => {
  it('of keys that open nothing pushes no good key out', () => {
    for (let nth = 0; nth < 100; nth++) put(`good${nth}`, 'agt_a');
    for (let nth = 0; nth < GOOD_MAX + REFUSED_MAX; nth++) refuse(`bad${nth}`, 'agt_a');
    for (let nth = 0; nth < 100; nth++) expect(cache.get(`good${nth}`)).toBe(`caller of good${nth}`);
  });

  it('pushes out the oldest of the refused keys, one for one', () => {
    for (let nth = 0; nth <= REFUSED_MAX; nth++) refuse(`bad${nth}`, `agt_${nth}`);
    expect(cache.get('bad0')).toBeUndefined();
    expect(cache.get('bad1')).toBe('refused');
    expect(cache.get(`bad${REFUSED_MAX}`)).toBe('refused');
  });

  it('pushes out the oldest of the good keys, one for one', () => {
    for (let nth = 0; nth <= GOOD_MAX; nth++) put(`good${nth}`, `agt_${nth}`);
    expect(cache.get('good0')).toBeUndefined();
    expect(cache.get('good1')).toBe('caller of good1');
  });

  it('pushes out what was looked up longest ago, not what was first looked up', () => {
    put('mine', 'agt_a');
    for (let nth = 2; nth <= GOOD_MAX; nth++) put(`good${nth}`, `agt_${nth}`);
    put('mine', 'agt_a');
    put('last', 'agt_b');
    expect(cache.get('mine')).toBe('caller of mine');
    expect(cache.get('good2')).toBeUndefined();
  });
});
