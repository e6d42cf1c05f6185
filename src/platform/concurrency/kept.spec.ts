import { Kept } from './kept.js';

describe('What is kept', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const numbers = () => {
    let read = 0;
    return async (): Promise<number> => ++read;
  };

  it('is read once for all who ask while it is fresh', async () => {
    const kept = new Kept<number>(5_000);
    const read = numbers();
    expect(await Promise.all([kept.get(read), kept.get(read)])).toEqual([1, 1]);
    jest.advanceTimersByTime(5_000);
    expect(await kept.get(read)).toBe(1);
    jest.advanceTimersByTime(1);
    expect(await kept.get(read)).toBe(2);
  });

  it('is no failure: the next one reads again', async () => {
    const kept = new Kept<number>(5_000);
    await expect(kept.get(() => Promise.reject(new Error('Not now')))).rejects.toThrow('Not now');
    expect(await kept.get(numbers())).toBe(1);
  });

  it('outlives an older reading that fails late', async () => {
    const kept = new Kept<number>(5_000);
    const read = numbers();
    let fail = (): void => undefined;
    const slow = kept.get(() => new Promise((_, reject) => (fail = () => reject(new Error('Too late')))));
    jest.advanceTimersByTime(5_001);
    expect(await kept.get(read)).toBe(1);
    fail();
    await expect(slow).rejects.toThrow('Too late');
    expect(await kept.get(read)).toBe(1);
  });

  it('with a rest, is read by one at a time, and as long as it is dear', async () => {
    const kept = new Kept<number>(1_000, 10);
    const read = numbers();
    let end = (): void => undefined;
    const slow = kept.get(() => new Promise((resolve) => (end = () => resolve(read()))));
    jest.advanceTimersByTime(5_000);
    const second = kept.get(read);
    end();
    expect(await Promise.all([slow, second])).toEqual([1, 1]);
    jest.advanceTimersByTime(45_000);
    expect(await kept.get(read)).toBe(1);
    jest.advanceTimersByTime(1);
    expect(await kept.get(read)).toBe(2);
    jest.advanceTimersByTime(1_001);
    expect(await kept.get(read)).toBe(3);
  });
});
