import { SETTINGS_DEFAULT, type Settings } from '#modules/validation';
import { simulate, type Figures, type Share, type World } from './world.js';

/** What the specification says, before anything beyond it. */
export const AS_WRITTEN: Settings = {
  ...SETTINGS_DEFAULT,
  avoid_conflicts: false,
  wilson_accuracy: false,
  hide_votes: false,
  gold_every: 0,
};
export const EVERYTHING_ON: Settings = {
  ...SETTINGS_DEFAULT,
  escalate_splits_from_points: 10,
  cap_rewards: true,
  exam: true,
};

/** What must hold with everything on and a ring of a fifth of all agents. */
export const LIMITS = {
  ringBad: 0.08,
  otherBad: 0.03,
  goodRejected: 0.03,
  honestExcluded: 0.1,
  washProfit: 0,
} as const;

export interface Size {
  seeds: number;
  agents: number;
  days: number;
  tasksADay: number;
}
export const FULL: Size = { seeds: 5, agents: 300, days: 60, tasksADay: 100 };

export function cell(size: Size, ring: number, settings: Settings): Figures {
  const worlds = Array.from({ length: size.seeds }, (_, seed): World => ({
    ...size,
    seed: seed + 1,
    ring,
    lazy: 0.2,
    settings,
  }));
  return worlds.map(simulate).reduce(together);
}

export const shareOf = ({ of, times }: Share): number => (of === 0 ? 0 : times / of);

/** Which limits do not hold, in words. */
export function broken(figures: Figures): string[] {
  const measured = {
    ringBad: shareOf(figures.ringBad),
    otherBad: shareOf(figures.otherBad),
    goodRejected: shareOf(figures.goodRejected),
    honestExcluded: shareOf(figures.honestExcluded),
    washProfit: figures.washProfit,
  };
  return Object.entries(LIMITS)
    .filter(([name, limit]) => measured[name as keyof typeof LIMITS] > limit)
    .map(
      ([name, limit]) =>
        `${name} is ${measured[name as keyof typeof LIMITS].toFixed(4)}, not at most ${limit}`,
    );
}

const together = (a: Figures, b: Figures): Figures => ({
  ringBad: sum(a.ringBad, b.ringBad),
  otherBad: sum(a.otherBad, b.otherBad),
  goodRejected: sum(a.goodRejected, b.goodRejected),
  honestExcluded: sum(a.honestExcluded, b.honestExcluded),
  lazyExcluded: sum(a.lazyExcluded, b.lazyExcluded),
  votesATask: (a.votesATask + b.votesATask) / 2,
  washProfit: a.washProfit + b.washProfit,
});

const sum = (a: Share, b: Share): Share => ({ of: a.of + b.of, times: a.times + b.times });
