import { points, toDecimal } from '#kernel/money';
import { feeOf } from '#modules/points';
import {
  applied,
  asScore,
  causeOfSeat,
  DELTAS,
  changesIn,
  completionsIn,
  type News,
} from '#modules/reputation';
import {
  JUDGED_MAX,
  DISPUTE_FEE,
  DISPUTE_PENALTY,
  drawSeed,
  endOf,
  moneyFor,
  type SeatEnd,
  DISPUTE_REPUTATION_MIN,
  RECORD_CREATORS_MIN,
  selectValidators,
  SILENCES_MAX,
  type Candidate,
  type SoftConflict,
  type Settings,
  BENCH_OF_FIVE,
  decideByFive,
  type Ballot,
} from '#modules/validation';
import { CaseStudies } from './case-studies.js';
import { chanceFrom } from './chance.js';
import type { Trader, Deal } from './deal.js';
import { areTied, isApproved, sit, type Voter } from './panel.js';
import { HONEST_ACCURACY, RING_TIES_KNOWN } from './world.js';

export interface MarketWorld {
  seed: number;
  agents: number;
  days: number;
  tasksADay: number;
  settings: Settings;
  /** Without the rules against sleepers, bidders, newcomers on panels of five, unjudged success and farms. */
  isBare: boolean;
}

/** What the ring does: beside the market's demand, in votes, and with what the platform offers. */
export interface Play {
  act(market: Market, day: number): void;
  /** Undefined: as an honest agent. */
  vote?(judge: Trader, deal: Deal): Ballot | undefined;
  /** Whether the ring does the platform's tasks honestly. */
  worksHonestly: boolean;
}

const RING = 0.2;

const IDLE = 0.15;

/** So many of the honest have been here for long. */
const VETERANS = 0.05;

const GOOD_WORK = 0.9;

const BIDDERS = 6;

const REPOSTS_MAX = 3;

const ABSENCE_DAYS = 7;

/** A market in which most are honest, a few have fallen asleep, and a ring plays its game: by the product's rules. */
export class Market {
  readonly chance: () => number;
  readonly traders: Trader[];
  readonly ring: Trader[];
  readonly others: Trader[];
  panelsOfFive = { drawn: 0, seats: 0, ringSeats: 0, overturned: 0 };
  private readonly caseStudies: CaseStudies;
  private day = 0;
  private draws = 0;

  constructor(
    private readonly world: MarketWorld,
    private readonly play: Play,
  ) {
    this.chance = chanceFrom(world.seed);
    this.caseStudies = new CaseStudies(world.isBare);
    this.traders = Array.from({ length: world.agents }, (_, index) => traderAt(index, world.agents));
    this.ring = this.traders.filter(({ kind }) => kind === 'ring');
    this.others = this.traders.filter(({ kind }) => kind === 'honest');
  }

  run(): this {
    for (; this.day < this.world.days; this.day++) {
      for (let task = 0; task < this.world.tasksADay; task++) this.demand();
      this.play.act(this, this.day);
    }
    return this;
  }

  pick = <T>(from: readonly T[]): T => from[Math.floor(this.chance() * from.length)]!;

  /** Two different ones: a creator of these, an executor of those. */
  pair(creators: readonly Trader[], executors: readonly Trader[]): { creator: Trader; executor: Trader } {
    const creator = this.pick(creators);
    for (;;) {
      const executor = this.pick(executors);
      if (executor !== creator) return { creator, executor };
    }
  }

  /** Rejected work is posted again, and somebody else who bid on it has it. */
  private demand(): void {
    const awake = [...this.ring, ...this.others];
    const creator = this.pick(awake);
    let bidders = Array.from({ length: BIDDERS }, () => this.pick(awake)).filter((one) => one !== creator);
    const price = 10 + Math.floor(this.chance() * 190);
    for (let post = 0; post < REPOSTS_MAX && bidders.length > 0; post++) {
      const executor = this.pick(bidders);
      const isGood = this.chance() < GOOD_WORK;
      if (this.trade({ creator, executor, bidders, price, isGood, isJudged: true, isWanted: true })) return;
      bidders = bidders.filter((one) => one !== executor);
    }
  }

  /** Whether it was approved: then it is paid. */
  trade(deal: Deal): boolean {
    const { creator, executor, price, isJudged } = deal;
    const seats = isJudged ? this.panel(deal) : [];
    const approved = !isJudged || isApproved(seats, deal.isGood);
    if (approved) {
      if (creator && !(deal.isWanted && deal.isGood)) creator.points -= price;
      executor.points += Number(toDecimal(feeOf(points(price)).rest));
    }
    this.follow(deal, approved);
    for (const { agent, vote } of seats) this.end(agent, vote, approved);
    if (approved && creator && this.caseStudies.isDue(deal, creator, this.day))
      this.trade(this.caseStudy(deal));
    return approved;
  }

  /** The creator contests an approval; five hear it, or an operator, who is right. */
  dispute({ creator, executor, price, isGood }: Deal): void {
    const five = this.draw(
      { creator, executor, bidders: [], price, isGood, isJudged: true },
      BENCH_OF_FIVE.seats,
      [],
      true,
    );
    const votes =
      five.length < BENCH_OF_FIVE.seats
        ? []
        : five.map((judge) => (judge.kind === 'ring' ? false : this.isRight() === isGood));
    const verdict = decideByFive(votes.map((isApproval): Ballot => (isApproval ? 'approve' : 'reject')));
    const stands = verdict.kind === 'operator' ? isGood : verdict.kind === 'approved';
    this.panelsOfFive.drawn += votes.length > 0 ? 1 : 0;
    this.panelsOfFive.seats += votes.length;
    this.panelsOfFive.ringSeats += five.filter(({ kind }) => votes.length > 0 && kind === 'ring').length;
    if (stands) {
      creator!.points -= inPoints(DISPUTE_FEE) + inPoints(DISPUTE_PENALTY);
      move(creator!, DELTAS.dispute_lost);
      return;
    }
    this.panelsOfFive.overturned++;
    creator!.points += price;
    executor.points -= Number(toDecimal(feeOf(points(price)).rest)) + inPoints(DISPUTE_PENALTY);
  }

  /** Whoever is quickest has it: the ring, unless it may not. */
  private caseStudy(deal: Deal): Deal {
    const mayTake = (one: Trader): boolean =>
      this.world.isBare || (one !== deal.creator && one !== deal.executor);
    const executor = this.pick(this.ring.filter(mayTake));
    const isGood = this.play.worksHonestly && this.chance() < GOOD_WORK;
    return { creator: null, executor, bidders: [], price: this.caseStudies.price, isGood, isJudged: true };
  }

  /** What the news of it does to a reputation. */
  private follow({ creator, executor, isJudged }: Deal, approved: boolean): void {
    const news = {
      name: approved ? 'submission.approved' : 'submission.rejected',
      data: {
        agent_id: executor.id,
        creator_agent_id: creator?.id ?? 'agt_system',
        submission_id: 'sub_00000000',
        decided_by: isJudged || this.world.isBare ? 'panel' : null,
      },
    } as News;
    for (const { cause } of changesIn(news)) move(executor, DELTAS[cause]);
    for (const { creatorId } of completionsIn(news)) executor.creators.add(creatorId);
  }

  private panel(deal: Deal): Voter<Trader>[] {
    const from = this.world.settings.escalate_splits_from_points;
    return sit<Trader>({
      escalatesSplits: from !== null && deal.price >= from,
      draw: (seats, before) => this.draw(deal, seats, before),
      vote: (judge) => {
        const vote = this.voteOf(judge, deal);
        this.maybeCalibrate(judge);
        return vote;
      },
    });
  }

  private voteOf(judge: Trader, deal: Deal): Ballot {
    if (judge.kind === 'idle') return 'timeout';
    // Thrown in any case, so that two worlds differ by what is played alone.
    const honest = this.isRight() === deal.isGood ? 'approve' : 'reject';
    return (judge.kind === 'ring' && this.play.vote?.(judge, deal)) || honest;
  }

  /** The ring takes a calibration task for the work of strangers. */
  private maybeCalibrate(judge: Trader): void {
    const { gold_every: every } = this.world.settings;
    if (every <= 1 || judge.kind === 'idle' || this.chance() >= 1 / (every - 1)) return;
    const [creator, executor] = [this.pick(this.others), this.pick(this.others)];
    const isGood = this.chance() < 0.5;
    const bidders = [executor, this.pick(this.ring)];
    const vote = this.voteOf(judge, { creator, executor, bidders, price: 50, isGood, isJudged: true });
    this.end(judge, vote, isGood);
  }

  private end(judge: Trader, vote: Ballot, approved: boolean): void {
    const hasTimedOut = vote === 'timeout';
    const end: SeatEnd = endOf(
      { approved: hasTimedOut ? null : vote === 'approve', hasTimedOut },
      approved ? 'approved' : 'rejected',
    );
    judge.silences = hasTimedOut ? judge.silences + 1 : 0;
    judge.outcomes = [end === 'agreed', ...judge.outcomes].slice(0, JUDGED_MAX);
    const cause = causeOfSeat(end);
    if (cause) move(judge, DELTAS[cause]);
    const moved = moneyFor(end);
    if (moved && 'reward' in moved) judge.points += inPoints(moved.reward);
    if (moved && 'penalty' in moved) {
      judge.points -= inPoints(moved.penalty);
      judge.fines += inPoints(moved.penalty);
    }
  }

  private draw(deal: Deal, seats: number, before: readonly Trader[], isOfFive = false): Trader[] {
    const { settings, seed, isBare } = this.world;
    const candidates = this.traders.map((one): Candidate => ({
      id: one.id,
      reputationScore: asScore(one.score),
      openSeats: 0,
      outcomes: one.outcomes,
      sameOwner: false,
      isAsleep: !isBare && one.kind === 'idle' && one.silences >= SILENCES_MAX,
      conflicts: this.conflictsOf(one, deal),
    }));
    const { drawn } = selectValidators(
      candidates,
      {
        seats,
        creatorId: deal.creator?.id ?? 'agt_system',
        executorId: deal.executor.id,
        seatedBefore: new Set(before.map(({ id }) => id)),
        accuracyBy: settings.wilson_accuracy ? 'wilson' : 'ratio',
        avoidsConflicts: settings.avoid_conflicts,
        ...(isOfFive && { reputationMin: DISPUTE_REPUTATION_MIN }),
        ...(isOfFive && !isBare && { hasRecord: (id) => this.of(id).creators.size >= RECORD_CREATORS_MIN }),
      },
      drawSeed(Buffer.from(String(seed)), String(this.draws++)),
    );
    return drawn.map((id) => this.of(id));
  }

  private conflictsOf(one: Trader, { creator, executor, bidders }: Deal): SoftConflict[] {
    const isTied = (party: Trader | null): boolean =>
      party?.kind === 'ring' && one.kind === 'ring' && areTied(one.id, party.id, RING_TIES_KNOWN);
    const conflicts: SoftConflict[] = isTied(creator) || isTied(executor) ? ['transfers'] : [];
    if (this.world.isBare) return conflicts;
    if (bidders.includes(one)) conflicts.unshift('bid_on_task');
    if (one.kind === 'idle' && this.day > ABSENCE_DAYS) conflicts.push('not_seen');
    return conflicts;
  }

  private of = (id: string): Trader => this.traders[Number(id.slice(4))]!;
  private isRight = (): boolean => this.chance() < HONEST_ACCURACY;
}

function traderAt(index: number, of: number): Trader {
  const place = index / of;
  const isVeteran = place >= 1 - VETERANS;
  const kind = place < RING ? 'ring' : place < RING + IDLE ? 'idle' : 'honest';
  return {
    id: `agt_${String(index).padStart(8, '0')}`,
    kind,
    points: 0,
    score: isVeteran ? 430 : 0,
    outcomes: [],
    creators: new Set(isVeteran ? ['a', 'b', 'c', 'd', 'e'] : []),
    silences: 0,
    fines: 0,
  };
}

const inPoints = (amount: Parameters<typeof toDecimal>[0]): number => Number(toDecimal(amount));

function move(trader: Trader, delta: number): void {
  trader.score = applied(trader.score, delta).score;
}
