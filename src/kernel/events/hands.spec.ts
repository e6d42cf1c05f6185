import { HANDS, Hands } from './hands.js';
import type { Track } from './shards.js';

const track = (shard: number): Track => ({ subscriber: 'test', shard });

describe('Hands', () => {
  let looked: number[];
  let left: [shard: number, first: number][];
  let finish: Map<number, () => void>;
  let hands: Hands;
  beforeEach(() => {
    jest.useFakeTimers();
    looked = [];
    left = [];
    finish = new Map();
    hands = new Hands(
      ({ shard }) => {
        looked.push(shard);
        return new Promise((resolve) => finish.set(shard, resolve));
      },
      ({ shard }, first) => left.push([shard, first]),
    );
  });
  afterEach(() => jest.useRealTimers());

  const fill = (): number[] => Array.from({ length: HANDS }, (_, shard) => shard);
  const settle = async (shard: number): Promise<void> => {
    finish.get(shard)!();
    await jest.advanceTimersByTimeAsync(0);
  };

  it('look at so many tracks at a time, and at the next as soon as one is free', async () => {
    for (const shard of [...fill(), 100, 101]) hands.take(track(shard), 1);
    expect(looked).toEqual(fill());
    await settle(3);
    expect(looked).toEqual([...fill(), 100]);
    await settle(100);
    expect(looked).toEqual([...fill(), 100, 101]);
    await jest.advanceTimersByTimeAsync(20_000);
    expect(left).toEqual([]);
  });

  it('look once at what waits, however often it is told', async () => {
    for (const shard of fill()) hands.take(track(shard), 1);
    for (const first of [2, 3]) hands.take(track(100), first);
    for (const shard of fill()) await settle(shard);
    expect(looked).toEqual([...fill(), 100]);
  });

  it('look again at a track that they are looking at: there may be more', () => {
    for (const first of [1, 2]) hands.take(track(1), first);
    expect(looked).toEqual([1, 1]);
  });

  it('leave to others what none of them is free for', async () => {
    for (const shard of fill()) hands.take(track(shard), 1);
    hands.take(track(100), 7);
    await jest.advanceTimersByTimeAsync(1_600);
    hands.take(track(101), 8);
    await jest.advanceTimersByTimeAsync(800);
    expect(left).toEqual([[100, 7]]);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(left).toEqual([
      [100, 7],
      [101, 8],
    ]);
    expect(looked).toEqual(fill());
  });

  it('take nothing more when they are stopped, and finish what they hold', async () => {
    for (const shard of [...fill(), 100]) hands.take(track(shard), 1);
    const stopped = hands.stop();
    hands.take(track(101), 1);
    for (const shard of fill()) await settle(shard);
    await stopped;
    expect(looked).toEqual(fill());
  });
});
