import type { Track } from './shards.js';
import { TrackPacing } from './track-pacing.js';

const TRACK: Track = { subscriber: 'test', shard: 1 };

describe('The pacing of looks at a track', () => {
  let lookedAfterMs: number[];
  let pacing: TrackPacing;
  let begun: number;
  beforeEach(() => {
    jest.useFakeTimers();
    begun = Date.now();
    lookedAfterMs = [];
    pacing = new TrackPacing(() => lookedAfterMs.push(Date.now() - begun));
  });
  afterEach(() => {
    pacing.stop();
    jest.useRealTimers();
  });

  it('lets each look pass at once while it is quiet', () => {
    for (let news = 0; news < 3; news++) {
      pacing.announce(TRACK);
      jest.advanceTimersByTime(40);
    }
    expect(lookedAfterMs).toEqual([0, 40, 80]);
  });

  it('makes looks rare under load, and looks once more for what came last', () => {
    for (let ms = 0; ms < 1_200; ms++) {
      pacing.announce(TRACK);
      jest.advanceTimersByTime(1);
    }
    expect(lookedAfterMs).toEqual([0, 30, 90, 210, 450, 700, 950, 1_200]);
    jest.advanceTimersByTime(1_000);
    expect(lookedAfterMs).toHaveLength(8);
    pacing.announce(TRACK);
    jest.advanceTimersByTime(30);
    pacing.announce(TRACK);
    expect(lookedAfterMs.slice(-2)).toEqual([2_200, 2_230]);
  });

  it('keeps tracks apart, and asks for nothing more once it is stopped', () => {
    pacing.announce(TRACK);
    pacing.announce({ ...TRACK, shard: 2 });
    expect(lookedAfterMs).toHaveLength(2);
    pacing.announce(TRACK);
    pacing.announceLater(TRACK, 500);
    pacing.stop();
    jest.advanceTimersByTime(1_000);
    expect(lookedAfterMs).toHaveLength(2);
  });
});
