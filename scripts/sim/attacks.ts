import type { Settings } from '#modules/validation';
import type { Deal } from './deal.js';
import { Market, type MarketWorld, type Play } from './market.js';

/**
 * What a ring may try, and beside each what its members would do honestly meanwhile: as many tasks, as many jobs, with
 * strangers. A ring gains by an attack what it has more than that.
 */
export interface Attack {
  name: string;
  attack: Play;
  honest: Play;
}

/** Ring tasks a day, for each attack that posts some. */
const EXTRA_A_DAY = 20;
const FARM_PRICE = 100;
const LEAST_PRICE = 10;
const BUYERS = 20;
const TRADES_A_DAY = 100;
const FIRST_DISPUTE_DAY = 20;

/** As many tasks for strangers to do, and as many jobs done for strangers. */
const honestly = (price: number, isGood?: true): Play => ({
  worksHonestly: true,
  act(market) {
    for (let task = 0; task < EXTRA_A_DAY; task++) {
      for (const sides of [
        [market.ring, market.others],
        [market.others, market.ring],
      ] as const)
        market.trade({ ...aDeal(market, sides, price, isGood ?? market.chance() < 0.9), isWanted: true });
    }
  },
});

const idly: Play = { worksHonestly: true, act: () => undefined };

/** Tasks to oneself. */
const toThemselves =
  (price: number, fields: Partial<Deal> = {}, count = EXTRA_A_DAY): Play['act'] =>
  (market) => {
    for (let task = 0; task < count; task++)
      market.trade({ ...aDeal(market, [market.ring, market.ring], price, false), ...fields });
  };

export const ATTACKS: readonly Attack[] = [
  {
    name: 'trades nobody judges, then disputes',
    honest: idly,
    attack: {
      worksHonestly: true,
      act(market, day) {
        // Some buy the scores with which they would sit in panels of five.
        const buyers = market.ring.slice(0, BUYERS);
        const deal = (): Deal => ({
          ...aDeal(market, [buyers, buyers], LEAST_PRICE, false),
          isJudged: false,
        });
        if (day < FIRST_DISPUTE_DAY) for (let trade = 0; trade < TRADES_A_DAY; trade++) market.trade(deal());
        else {
          const work = aDeal(market, [market.ring, market.others], FARM_PRICE, true);
          if (market.trade(work)) market.dispute(work);
        }
      },
    },
  },
  {
    name: 'case-study farm, unjudged',
    honest: honestly(FARM_PRICE),
    attack: { worksHonestly: true, act: toThemselves(FARM_PRICE, { isJudged: false }) },
  },
  {
    name: 'case-study farm, judged',
    honest: honestly(FARM_PRICE),
    attack: { worksHonestly: true, act: toThemselves(FARM_PRICE), vote: approveOwn },
  },
  {
    name: 'wash trading, of nothing',
    honest: honestly(LEAST_PRICE),
    attack: { worksHonestly: true, act: toThemselves(LEAST_PRICE), vote: approveOwn },
  },
  {
    name: 'wash trading, of work that passes',
    honest: honestly(LEAST_PRICE, true),
    attack: { worksHonestly: true, act: toThemselves(LEAST_PRICE, { isGood: true }) },
  },
  {
    name: 'losers reject',
    honest: idly,
    attack: {
      worksHonestly: true,
      act: () => undefined,
      vote: (judge, { bidders, executor }) =>
        bidders.includes(judge) && executor.kind !== 'ring' ? 'reject' : undefined,
    },
  },
  {
    name: 'losers and their friends reject',
    honest: idly,
    attack: {
      worksHonestly: true,
      act: () => undefined,
      vote: (_, { bidders, executor }) =>
        executor.kind !== 'ring' && bidders.some(({ kind }) => kind === 'ring') ? 'reject' : undefined,
    },
  },
  {
    name: 'starving sleepers',
    honest: honestly(LEAST_PRICE, true),
    attack: { worksHonestly: true, act: toThemselves(LEAST_PRICE, { isGood: true }) },
  },
];

export interface Gain {
  /** Points that a member of the ring has more by the attack than by honest work, each day. */
  points: number;
  /** The same in reputation, over all days. */
  reputation: number;
  /** What a sleeper was fined. */
  finedPerSleeper: number;
  /** Of the seats in panels of five. */
  seatsOfFive: number;
}

export interface MarketSize {
  seeds: number;
  agents: number;
  days: number;
  tasksADay: number;
}
export const MARKET_FULL: MarketSize = { seeds: 2, agents: 150, days: 30, tasksADay: 20 };

/** What chance alone makes of the difference between two worlds, in points a day for each member. */
export const NOISE_POINTS = 1;
const NOISE_REPUTATION = 0.1;

/** What two silences cost: nobody who sleeps is fined more. */
export const FINE_PER_SLEEPER_MAX = 10;

export function gainOf(
  { attack, honest }: Attack,
  size: MarketSize,
  settings: Settings,
  isBare = false,
): Gain {
  const worlds = Array.from({ length: size.seeds }, (_, seed): MarketWorld => ({
    ...size,
    seed: seed + 1,
    settings,
    isBare,
  }));
  const pairs = worlds.map(
    (world) => [new Market(world, attack).run(), new Market(world, honest).run()] as const,
  );
  const mean = (of: (pair: (typeof pairs)[number]) => number): number =>
    pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
  const per = (market: Market, of: 'points' | 'score'): number =>
    market.ring.reduce((sum, one) => sum + one[of], 0) / market.ring.length;
  return {
    points: mean(([a, b]) => per(a, 'points') - per(b, 'points')) / size.days,
    reputation: mean(([a, b]) => per(a, 'score') - per(b, 'score')) / 100,
    finedPerSleeper: mean(([{ traders }]) => {
      const sleepers = traders.filter(({ kind }) => kind === 'idle');
      return sleepers.reduce((sum, { fines }) => sum + fines, 0) / sleepers.length;
    }),
    seatsOfFive: mean(
      ([
        {
          panelsOfFive: { seats, ringSeats },
        },
      ]) => (seats === 0 ? 0 : ringSeats / seats),
    ),
  };
}

/** In words, what of it is more than honest work would have brought. */
export function brokenBy({ name }: Attack, { points, reputation, finedPerSleeper }: Gain): string[] {
  return [
    ...(points > NOISE_POINTS ? [`${name} brings ${points.toFixed(2)} points a day`] : []),
    ...(reputation > NOISE_REPUTATION ? [`${name} brings a reputation of ${reputation.toFixed(2)}`] : []),
    ...(finedPerSleeper > FINE_PER_SLEEPER_MAX
      ? [`${name} costs a sleeper ${finedPerSleeper.toFixed(1)} points`]
      : []),
  ];
}

function aDeal(
  market: Market,
  [creators, executors]: readonly [Parameters<Market['pair']>[0], Parameters<Market['pair']>[1]],
  price: number,
  isGood: boolean,
): Deal {
  const pair = market.pair(creators, executors);
  return { ...pair, bidders: [pair.executor], price, isGood, isJudged: true };
}

function approveOwn(_: unknown, { executor, creator }: Deal): 'approve' | undefined {
  return executor.kind === 'ring' && (creator === null || creator.kind === 'ring') ? 'approve' : undefined;
}
