import { SETTINGS_DEFAULT } from '#modules/validation';
import { ATTACKS, brokenBy, gainOf } from '../../scripts/sim/attacks.js';
import { AS_WRITTEN, broken, cell, EVERYTHING_ON, FULL, shareOf } from '../../scripts/sim/trust.js';

/** `npm run sim` in small: fewer seeds and agents, the same rules and limits. */
const SMALL_MARKET = { seeds: 2, agents: 100, days: 25, tasksADay: 15 };
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

describe('A ring gains no more than honest work would bring, by default', () => {
  it.each(ATTACKS)('by $name', (attack) => {
    expect(brokenBy(attack, gainOf(attack, SMALL_MARKET, SETTINGS_DEFAULT))).toEqual([]);
  });

  it('while the bare rules would let it sit in panels of five, and starve sleepers', () => {
    const [trades, sleepers] = [ATTACKS[0]!, ATTACKS.at(-1)!];
    const bare = gainOf(trades, SMALL_MARKET, SETTINGS_DEFAULT, true);
    expect([bare.seatsOfFive > 0, bare.reputation > 1]).toEqual([true, true]);
    expect(gainOf(trades, SMALL_MARKET, SETTINGS_DEFAULT).seatsOfFive).toBe(0);
    const starved = gainOf(sleepers, SMALL_MARKET, SETTINGS_DEFAULT, true);
    expect(brokenBy(sleepers, starved).length).toBeGreaterThan(0);
  });
});
