import { applied, asScore, causeOfSeat, DELTAS } from '#modules/reputation';
import {
  isReliable,
  JUDGED_MAX,
  drawSeed,
  endOf,
  moneyFor,
  type SeatEnd,
  selectValidators,
  type Candidate,
  type SoftConflict,
  NEWCOMER_ASSIGNMENTS,
  type Settings,
  type Ballot,
} from '#modules/validation';
import { chanceFrom } from './chance.js';
import { areTied, isApproved, sit, type Voter } from './panel.js';

/** What one world is like; the rules in it are the product's. */
export interface World {
  seed: number;
  agents: number;
  days: number;
  tasksADay: number;
  /** Shares of all agents. */
  ring: number;
  lazy: number;
  settings: Settings;
}

export interface Figures {
  ringBad: Share;
  otherBad: Share;
  goodRejected: Share;
  honestExcluded: Share;
  lazyExcluded: Share;
  votesATask: number;
  /** What the ring's validators were paid for the ring's own tasks, less what these burnt. */
  washProfit: number;
}
export interface Share {
  of: number;
  times: number;
}

type Kind = 'honest' | 'lazy' | 'ring';
interface Agent {
  id: string;
  kind: Kind;
  score: number;
  /** Whether its last judged assignments were right, newest first. */
  outcomes: boolean[];
}
interface Work {
  creator: Agent;
  executor: Agent;
  isGood: boolean;
  isWash: boolean;
  pricePoints: number;
}

export const HONEST_ACCURACY = 0.9;
const SILENCE = 0.01;
const WASH_SHARE = 0.05;
const WASH_PRICE = 10;
const FEE = 0.05;
const GOOD: Readonly<Record<Kind, number>> = { honest: 0.9, lazy: 0.8, ring: 0.3 };
/** Operators prefer answers that tell copiers and yes-sayers from judges. */
const CALIBRATION_GOOD = 0.5;
/** So many pairs of the ring show: a transfer, a webhook host, mutual favours. */
export const RING_TIES_KNOWN = 0.75;

export function simulate(world: World): Figures {
  return new Simulation(world).run();
}

class Simulation {
  private readonly chance: () => number;
  private readonly agents: Agent[];
  private readonly figures: Figures = {
    ringBad: none(),
    otherBad: none(),
    goodRejected: none(),
    honestExcluded: none(),
    lazyExcluded: none(),
    votesATask: 0,
    washProfit: 0,
  };
  private votes = 0;
  private tasks = 0;

  constructor(private readonly world: World) {
    this.chance = chanceFrom(world.seed);
    this.agents = Array.from({ length: world.agents }, (_, index) => ({
      id: `agt_${String(index).padStart(8, '0')}`,
      kind: kindOf(index / world.agents, world),
      score: 0,
      outcomes: [],
    }));
  }

  run(): Figures {
    const { days, tasksADay, settings } = this.world;
    if (settings.exam) for (const agent of this.agents) this.calibrateNewcomer(agent);
    for (let day = 0; day < days; day++) for (let task = 0; task < tasksADay; task++) this.judge(this.work());
    for (const agent of this.agents) this.countExcluded(agent);
    return { ...this.figures, votesATask: this.votes / this.tasks };
  }

  private judge(work: Work): void {
    const seats = this.panel(work);
    const approved = isApproved(seats, work.isGood);
    this.tasks++;
    this.votes += seats.length;
    this.count(work, approved);
    const verdict = approved ? 'approved' : 'rejected';
    for (const { agent, vote } of seats) {
      const end = endOf(
        { approved: vote === 'timeout' ? null : vote === 'approve', hasTimedOut: vote === 'timeout' },
        verdict,
      );
      this.reward(agent, end, work);
      agent.outcomes.unshift(end === 'agreed');
      forget(agent);
    }
    move(work.executor, approved ? DELTAS.work_approved : DELTAS.work_rejected);
    if (work.isWash) this.figures.washProfit -= work.pricePoints * FEE;
  }

  private panel(work: Work): Voter<Agent>[] {
    const from = this.world.settings.escalate_splits_from_points;
    return sit<Agent>({
      escalatesSplits: from !== null && work.pricePoints >= from,
      draw: (seats, before) => this.draw(work, seats, before),
      vote: (agent, first) => {
        const vote = this.voteOf(agent, work, first);
        this.maybeCalibrate(agent);
        return vote;
      },
    });
  }

  private draw(work: Work, seats: number, before: readonly Agent[]): Agent[] {
    const { settings } = this.world;
    const candidates = this.agents.map((agent): Candidate => ({
      id: agent.id,
      reputationScore: asScore(agent.score),
      openSeats: 0,
      outcomes: agent.outcomes,
      sameOwner: false,
      isAsleep: false,
      conflicts: this.conflictsOf(agent, work),
    }));
    const seed = drawSeed(Buffer.from(String(this.world.seed)), `${this.tasks}:${before.length}`);
    const { drawn } = selectValidators(
      candidates,
      {
        seats,
        creatorId: work.creator.id,
        executorId: work.executor.id,
        seatedBefore: new Set(before.map(({ id }) => id)),
        accuracyBy: settings.wilson_accuracy ? 'wilson' : 'ratio',
        avoidsConflicts: settings.avoid_conflicts,
      },
      seed,
    );
    return drawn.map((id) => this.agents[Number(id.slice(4))]!);
  }

  private conflictsOf(agent: Agent, { creator, executor }: Work): SoftConflict[] {
    const isTied =
      agent.kind === 'ring' &&
      [creator, executor].some(
        (party) => party.kind === 'ring' && areTied(agent.id, party.id, RING_TIES_KNOWN),
      );
    return isTied ? ['transfers'] : [];
  }

  private voteOf(agent: Agent, { isGood, executor }: Work, first: Ballot | undefined): Ballot {
    if (this.chance() < SILENCE) return 'timeout';
    switch (agent.kind) {
      case 'honest':
        return this.chance() < HONEST_ACCURACY === isGood ? 'approve' : 'reject';
      case 'lazy':
        return !this.world.settings.hide_votes && first ? first : 'approve';
      case 'ring':
        return executor.kind === 'ring' ? 'approve' : 'reject';
    }
  }

  /** Nobody can tell a calibration task from the rest: the ring takes it for the work of strangers. */
  private calibrateNewcomer(agent: Agent): void {
    for (let seat = 0; seat < NEWCOMER_ASSIGNMENTS; seat++) this.calibrate(agent);
  }

  private maybeCalibrate(agent: Agent): void {
    const { gold_every: every } = this.world.settings;
    if (every > 1 && this.chance() < 1 / (every - 1)) this.calibrate(agent);
  }

  private calibrate(agent: Agent): void {
    const isGood = this.chance() < CALIBRATION_GOOD;
    const stranger: Agent = { ...agent, kind: 'honest' };
    const vote = this.voteOf(
      agent,
      { creator: stranger, executor: stranger, isGood, isWash: false, pricePoints: 0 },
      undefined,
    );
    const isRight = vote === (isGood ? 'approve' : 'reject');
    agent.outcomes.unshift(isRight);
    forget(agent);
    this.reward(agent, vote === 'timeout' ? 'timed_out' : isRight ? 'agreed' : 'disagreed');
  }

  private reward(agent: Agent, end: SeatEnd, work?: Work): void {
    const cause = causeOfSeat(end);
    if (cause) move(agent, DELTAS[cause]);
    if (!work?.isWash || agent.kind !== 'ring') return;
    const moved = moneyFor(end);
    if (moved && 'reward' in moved) this.figures.washProfit += Number(moved.reward.units) / 100;
  }

  private work(): Work {
    const ring = this.agents.filter(({ kind }) => kind === 'ring');
    const isWash = ring.length > 1 && this.chance() < WASH_SHARE;
    const from = isWash ? ring : this.agents;
    const creator = this.pick(from);
    let executor = this.pick(from);
    while (executor === creator) executor = this.pick(from);
    const isGood = !isWash && this.chance() < GOOD[executor.kind];
    const pricePoints = isWash ? WASH_PRICE : 10 + Math.floor(this.chance() * 190);
    return { creator, executor, isGood, isWash, pricePoints };
  }

  private count({ executor, isGood }: Work, approved: boolean): void {
    if (isGood) add(this.figures.goodRejected, !approved);
    else add(executor.kind === 'ring' ? this.figures.ringBad : this.figures.otherBad, approved);
  }

  private countExcluded({ kind, outcomes }: Agent): void {
    const by = this.world.settings.wilson_accuracy ? 'wilson' : 'ratio';
    const isExcluded = !isReliable(outcomes, by);
    if (kind === 'honest') add(this.figures.honestExcluded, isExcluded);
    if (kind === 'lazy') add(this.figures.lazyExcluded, isExcluded);
  }

  private pick = (from: readonly Agent[]): Agent => from[Math.floor(this.chance() * from.length)]!;
}

const none = (): Share => ({ of: 0, times: 0 });

function add(share: Share, happened: boolean): void {
  share.of++;
  if (happened) share.times++;
}

function move(agent: Agent, delta: number): void {
  agent.score = applied(agent.score, delta).score;
}

function forget(agent: Agent): void {
  agent.outcomes.length = Math.min(agent.outcomes.length, JUDGED_MAX);
}

function kindOf(place: number, { ring, lazy }: World): Kind {
  if (place < ring) return 'ring';
  return place < ring + (1 - ring) * lazy ? 'lazy' : 'honest';
}
