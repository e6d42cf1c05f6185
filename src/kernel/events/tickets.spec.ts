import type { Track } from './shards.js';
import { Tickets } from './tickets.js';

const TRACK: Track = { subscriber: 'test', shard: 1 };

describe('Tickets', () => {
  let sent: [ms: number, first: number][];
  let tickets: Tickets;
  let begun: number;
  beforeEach(() => {
    jest.useFakeTimers();
    begun = Date.now();
    sent = [];
    tickets = new Tickets((_, first) => sent.push([Date.now() - begun, first]));
  });
  afterEach(() => {
    tickets.stop();
    jest.useRealTimers();
  });

  it('go out at once while it is quiet', () => {
    for (const first of [1, 2, 3]) {
      tickets.offer(TRACK, first);
      jest.advanceTimersByTime(40);
    }
    expect(sent).toEqual([
      [0, 1],
      [40, 2],
      [80, 3],
    ]);
  });

  it('become rare under load, and speak for the first of what came meanwhile', () => {
    for (let ms = 0; ms < 1_200; ms++) {
      tickets.offer(TRACK, ms);
      jest.advanceTimersByTime(1);
    }
    expect(sent.map(([ms]) => ms)).toEqual([0, 30, 90, 210, 450, 700, 950, 1_200]);
    expect(sent.map(([, first]) => first)).toEqual([0, 1, 30, 90, 210, 450, 700, 950]);
    jest.advanceTimersByTime(1_000);
    tickets.offer(TRACK, 5_000);
    jest.advanceTimersByTime(30);
    tickets.offer(TRACK, 5_001);
    expect(sent.slice(-2).map(([, first]) => first)).toEqual([5_000, 5_001]);
  });

  it('of one track know nothing of another, and end when they are stopped', () => {
    tickets.offer(TRACK, 1);
    tickets.offer({ ...TRACK, shard: 2 }, 2);
    expect(sent).toHaveLength(2);
    tickets.offer(TRACK, 3);
    tickets.offerLater(TRACK, 500);
    tickets.stop();
    jest.advanceTimersByTime(1_000);
    expect(sent).toHaveLength(2);
  });
});
