import { SETTINGS_DEFAULT, type Settings } from '#modules/validation';
import { ATTACKS, brokenBy, gainOf, MARKET_FULL } from './sim/attacks.js';
import { AS_WRITTEN, broken, cell, EVERYTHING_ON, FULL, shareOf } from './sim/trust.js';
import type { Figures } from './sim/world.js';

/** What each setting buys against lazy judges and a ring, by the product's own rules and with fixed seeds. */
const CELLS: { name: string; ring: number; settings: Settings }[] = [
  { name: 'as the specification says', ring: 0, settings: AS_WRITTEN },
  { name: 'as the specification says', ring: 0.2, settings: AS_WRITTEN },
  { name: 'by default', ring: 0.2, settings: SETTINGS_DEFAULT },
  { name: 'everything on', ring: 0.2, settings: EVERYTHING_ON },
];

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`.padStart(8);

function line(name: string, ring: number, figures: Figures): string {
  const { ringBad, otherBad, goodRejected, honestExcluded, lazyExcluded, votesATask, washProfit } = figures;
  return [
    percent(ring),
    name.padEnd(26),
    ...[ringBad, otherBad, goodRejected, honestExcluded, lazyExcluded].map((share) =>
      percent(shareOf(share)),
    ),
    votesATask.toFixed(2).padStart(6),
    washProfit.toFixed(0).padStart(8),
  ].join('  ');
}

console.log(
  `${FULL.agents} agents, ${FULL.days} days, ${FULL.tasksADay} tasks a day, ${FULL.seeds} seeds; a fifth of the others are lazy.\n`,
);
console.log(
  '    ring  rules                       ring bad  other bad  good rej.  honest out  lazy out  votes  wash',
);
let wrong: string[] = [];
for (const { name, ring, settings } of CELLS) {
  const figures = cell(FULL, ring, settings);
  console.log(line(name, ring, figures));
  if (settings === EVERYTHING_ON) wrong = broken(figures);
}

console.log(
  `\nWhat a member of the ring has more than by honest work, by default: ${MARKET_FULL.agents} agents, ${MARKET_FULL.days} days.\n`,
);
console.log(
  'attack                                points a day  reputation  seats of five  fined a sleeper (bare rules)',
);
for (const attack of ATTACKS) {
  const gain = gainOf(attack, MARKET_FULL, SETTINGS_DEFAULT);
  const bare = gainOf(attack, MARKET_FULL, SETTINGS_DEFAULT, true);
  console.log(
    [
      attack.name.padEnd(36),
      gain.points.toFixed(2).padStart(12),
      gain.reputation.toFixed(2).padStart(10),
      percent(gain.seatsOfFive).padStart(13),
      `${gain.finedPerSleeper.toFixed(1)} (${bare.finedPerSleeper.toFixed(1)})`.padStart(16),
    ].join('  '),
  );
  wrong.push(...brokenBy(attack, gain));
}
console.log(wrong.length === 0 ? '\nEvery limit holds.' : `\nBroken: ${wrong.join('; ')}.`);
process.exitCode = wrong.length === 0 ? 0 : 1;
