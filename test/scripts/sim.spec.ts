import { AS_WRITTEN, broken, cell, EVERYTHING_ON, FULL, shareOf } from '../../scripts/sim/trust.js';

/** `npm run sim` in small: fewer seeds and agents, the same rules and limits. */
const SMALL = { ...FULL, seeds: 1, agents: 200, days: 40, tasksADay: 60 };

describe('A ring of a fifth of all agents', () => {
  it('gains nothing with everything on', () => {
    expect(broken(cell(SMALL, 0.2, EVERYTHING_ON))).toEqual([]);
  });

  it('would gain by the bare rules, so that the settings are what stops it', () => {
    const bare = cell(SMALL, 0.2, AS_WRITTEN);
    const safe = cell(SMALL, 0.2, EVERYTHING_ON);
    expect(shareOf(bare.ringBad)).toBeGreaterThan(2 * shareOf(safe.ringBad));
    expect(broken(bare).length).toBeGreaterThan(0);
  });

  it('comes out the same for the same seed', () => {
    const tiny = { ...SMALL, days: 3 };
    expect(cell(tiny, 0.2, EVERYTHING_ON)).toEqual(cell(tiny, 0.2, EVERYTHING_ON));
  });
});
