import { HANDS, Hands } from './hands.js';
import type { Track } from './shards.js';

const track = (shard: number): Track => ({ subscriber: 'test', shard });

describe('Hands', () => {
  let looked: number[];
  let offered: number[];
  let finish: Map<number, () => void>;
  let progress: Map<number, () => void>;
  let hands: Hands;
  beforeEach(() => {
    jest.useFakeTimers();
    looked = [];
    offered = [];
    progress = new Map();
    finish = new Map();
    hands = new Hands(
      ({ shard }, progressed) => {
        looked.push(shard);
        progress.set(shard, progressed);
        return new Promise((resolve) => finish.set(shard, resolve));
      },
      ({ shard }) => offered.push(shard),
    );
  });
  afterEach(() => jest.useRealTimers());

  const fill = (): number[] => Array.from({ length: HANDS }, (_, shard) => shard);
  const settle = async (shard: number): Promise<void> => {
    finish.get(shard)!();
    await jest.advanceTimersByTimeAsync(0);
  };

  it('look at so many tracks at a time, and at the next as soon as one is free', async () => {
    for (const shard of [...fill(), 100, 101]) hands.take(track(shard));
    expect(looked).toEqual(fill());
    await settle(3);
    expect(looked).toEqual([...fill(), 100]);
    await settle(100);
    expect(looked).toEqual([...fill(), 100, 101]);
    await jest.advanceTimersByTimeAsync(20_000);
    expect(offered).toEqual([]);
  });

  it('look once at what waits, however often it is told', async () => {
    for (const shard of fill()) hands.take(track(shard));
    for (let told = 0; told < 2; told++) hands.take(track(100));
    for (const shard of fill()) await settle(shard);
    expect(looked).toEqual([...fill(), 100]);
  });

  it('look again at a track that they are looking at: there may be more', () => {
    for (let told = 0; told < 2; told++) hands.take(track(1));
    expect(looked).toEqual([1, 1]);
  });

  it('offer to the other processes, once, what none of them is free for', async () => {
    for (const shard of fill()) hands.take(track(shard));
    hands.take(track(100));
    for (let seconds = 0; seconds < 9; seconds++) {
      await jest.advanceTimersByTimeAsync(1_000);
      for (const shard of fill()) progress.get(shard)!();
      if (seconds === 4) hands.take(track(101));
    }
    expect(offered).toEqual([100, 101]);
    expect(looked).toEqual(fill());
  });

  it('look past what hangs after two seconds', async () => {
    for (const shard of [...fill(), 100, 101]) hands.take(track(shard));
    await jest.advanceTimersByTimeAsync(1_000);
    for (const shard of fill().slice(1)) progress.get(shard)!();
    await jest.advanceTimersByTimeAsync(1_100);
    expect(looked).toEqual([...fill(), 100]);
    await jest.advanceTimersByTimeAsync(4_000);
    expect(looked).toEqual([...fill(), 100, 101]);
  });

  it('take nothing more when they are stopped, and finish what they hold', async () => {
    for (const shard of [...fill(), 100]) hands.take(track(shard));
    const stopped = hands.stop();
    hands.take(track(101));
    for (const shard of fill()) await settle(shard);
    await stopped;
    expect(looked).toEqual(fill());
  });
});
