import { after, DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel/clock';
import { DomainError } from '#kernel/errors/domain-error';
import { points } from '#kernel/money';
import type { TaskDraft, BidOffer, Task, TaskStatus } from '#modules/tasks';
import { Dice } from '../ledger/dice.js';
import { AGENTS, openedBooks, SYSTEM } from './cast.js';
import { checkLaws, checkSilence } from './laws.js';
import { Market } from './market.js';
import { Violation } from './violation.js';

const START = new Date('2026-03-12T12:00:00.000Z');
const SILENCE_MS = 100 * DAY_MS;

export interface Life {
  done: number;
  refused: number;
  /** How the tasks stood in the end. */
  ends: Partial<Record<TaskStatus, number>>;
  /** What must never be, if it was. */
  violation?: string;
}

/** One life of a small market: so many acts of its agents, all drawn from the seed, and then nobody acts any more. */
export function liveOnce(seed: number, steps: number, tell?: (line: string) => void): Life {
  const dice = new Dice(seed);
  const market = new Market(START, { points: openedBooks('points'), usdc: openedBooks('usdc') });
  const life: Life = { done: 0, refused: 0, ends: {} };
  try {
    for (let step = 1; step <= steps; step++) {
      const said = takeStep(market, dice, life);
      tell?.(`${step}. ${market.now.toISOString()} ${said}`);
    }
    const before = new Map(market.tasks);
    market.passTime(after(market.now, SILENCE_MS));
    checkLaws(market, before);
    checkSilence(market);
  } catch (error) {
    // What is no refusal and no violation is a mistake in a rule, and must be found too.
    life.violation = error instanceof Violation ? error.message : String((error as Error).stack);
  }
  for (const { status } of market.tasks.values()) life.ends[status] = (life.ends[status] ?? 0) + 1;
  return life;
}

function takeStep(market: Market, dice: Dice, life: Life): string {
  const before = new Map(market.tasks);
  const [name, act] = drawAct(market, dice);
  let outcome = 'done';
  try {
    act();
    life.done++;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    life.refused++;
    outcome = error.constructor.name;
  }
  checkLaws(market, before);
  return `${name}: ${outcome}`;
}

type Act = readonly [name: string, act: () => void];

function drawAct(market: Market, dice: Dice): Act {
  const luck = dice.below(100);
  const task = recent(market, dice);
  if (!task || luck < 14) return posting(market, dice);
  if (luck < 24) return waiting(market, dice);
  if (luck < 27) return transferring(market, dice);
  if (luck < 30) return suspending(market, dice);
  // Mostly what the task is waiting for, sometimes anything at all.
  const kind = luck < 90 ? dice.oneOf(AWAITED[task.status]) : dice.oneOf(ANYTHING);
  const by = dice.below(10) < 8 ? partyFor(kind, task, market, dice) : dice.oneOf(AGENTS);
  return [`${by} ${kind} ${task.id} (${task.status})`, () => ACTS[kind](market, by, task, dice)];
}

const ACTS = {
  cancelByOperator: (market, _, task) => market.cancelByOperator(task),
  edit: (market, by, task, dice) =>
    market.edit(by, task, {
      ...pricesOf(dice),
      ...(dice.below(2) === 0 && { deadline: deadlineOf(market, dice) }),
    }),
  cancel: (market, by, task) => market.cancel(by, task),
  repost: (market, by, task) => market.repost(by, task),
  bid: (market, by, task, dice) => market.bid(by, task, offerOf(task, dice)),
  accept: (market, by, task, dice) => market.accept(by, task, bidIdOf(market, task, dice)),
  withdraw: (market, by, task, dice) => market.withdraw(by, task, bidIdOf(market, task, dice)),
  reject: (market, by, task, dice) => market.reject(by, task, bidIdOf(market, task, dice)),
  progress: (market, by, task, dice) => market.progress(by, task, dice.below(101)),
  submit: (market, by, task) => market.submit(by, task),
  startValidation: (market, _, task) => market.startValidation(task),
  approve: (market, _, task) => market.settle(task, 'approved'),
  refuse: (market, _, task) => market.settle(task, 'rejected'),
  dispute: (market, by, task) => market.dispute(by, task),
  uphold: (market, _, task) => market.uphold(task),
  overturn: (market, _, task) => market.overturn(task),
} satisfies Record<string, (market: Market, by: string, task: Task, dice: Dice) => void>;

type Kind = keyof typeof ACTS;
const ANYTHING = Object.keys(ACTS).filter((kind) => kind !== 'uphold' && kind !== 'overturn') as Kind[];

const AWAITED: Readonly<Record<TaskStatus, readonly Kind[]>> = {
  open: ['bid', 'bid', 'bid', 'edit', 'cancel'],
  bidding: ['bid', 'accept', 'accept', 'accept', 'withdraw', 'reject', 'cancel'],
  in_progress: ['submit', 'submit', 'submit', 'submit', 'progress', 'progress', 'cancel', 'cancelByOperator'],
  submitted: ['startValidation', 'approve', 'refuse'],
  validating: ['approve', 'refuse'],
  completed: ['dispute', 'repost', 'submit'],
  cancelled: ['dispute', 'repost', 'accept'],
  disputed: ['uphold', 'overturn', 'repost'],
};

const OF_THE_EXECUTOR: ReadonlySet<Kind> = new Set(['submit', 'progress']);

/** Who would do it. */
function partyFor(kind: Kind, task: Task, market: Market, dice: Dice): string {
  if (kind === 'bid') return dice.oneOf(AGENTS.filter((agent) => agent !== task.creatorId));
  if (kind === 'withdraw') return market.bidsOf(task).at(-1)?.agentId ?? dice.oneOf(AGENTS);
  const isExecutors = OF_THE_EXECUTOR.has(kind) || (kind === 'dispute' && task.status === 'cancelled');
  return isExecutors ? (task.executorId ?? dice.oneOf(AGENTS)) : task.creatorId;
}

function posting(market: Market, dice: Dice): Act {
  const by = dice.below(10) === 0 ? SYSTEM : dice.oneOf(AGENTS);
  const draft: TaskDraft = {
    ...TEXT,
    ...pricesOf(dice),
    deadline: deadlineOf(market, dice),
    autoAcceptFirst: dice.below(5) === 0,
    maxBids: 1 + dice.below(4),
    validationRequired: dice.below(2) === 0,
    payoutHoldHours: dice.oneOf([0, 0, 24, 72]),
  };
  return [`${by} posts`, () => market.post(by, draft)];
}

function waiting(market: Market, dice: Dice): Act {
  const ms = dice.oneOf([MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 5 * HOUR_MS, DAY_MS, 3 * DAY_MS]);
  return [`time passes, ${ms / MINUTE_MS} minutes`, () => market.passTime(after(market.now, ms))];
}

/** Two of the five at the most, so that the others go on. */
function suspending(market: Market, dice: Dice): Act {
  const luck = dice.below(3);
  const agent = dice.oneOf(AGENTS);
  if (luck === 0) return ['the subscribers hear of suspensions', () => market.hearOfSuspensions()];
  if (luck === 1 && market.suspended.size < 2) return [`${agent} is suspended`, () => market.suspend(agent)];
  const [first = agent] = market.suspended;
  return [`${first} is reinstated`, () => market.reinstate(first)];
}

function transferring(market: Market, dice: Dice): Act {
  const [from, to] = [dice.oneOf(AGENTS), dice.oneOf(AGENTS)];
  const amount = points(1 + dice.below(300));
  return [`${from} pays ${to}`, () => from !== to && market.transfer(from, to, amount)];
}

/** Old tasks have nothing new to tell. */
function recent(market: Market, dice: Dice): Task | undefined {
  const tasks = [...market.tasks.values()].slice(-6);
  return tasks.length === 0 ? undefined : dice.oneOf(tasks);
}

const bidIdOf = (market: Market, task: Task, dice: Dice): string =>
  dice.oneOf(market.bidsOf(task))?.id ?? 'bid_00000000';

const TEXT: Pick<TaskDraft, 'category' | 'title' | 'description' | 'acceptanceCriteria'> = {
  category: 'content',
  title: 'A task',
  description: 'To do',
  acceptanceCriteria: ['Done'],
};

const POINTS = ['10.00', '10.01', '33.33', '99.99', '150.00', '2500.00'];
const USDC = ['0.010000', '0.333333', '12.500000', '150.000001'];

function pricesOf(dice: Dice): Pick<TaskDraft, 'pricePoints' | 'priceUsdc'> {
  const luck = dice.below(20);
  return {
    pricePoints: luck < 16 ? dice.oneOf(POINTS) : null,
    priceUsdc: luck >= 12 && luck < 19 ? dice.oneOf(USDC) : null,
  };
}

/** Often none: then it is the task's price. Sometimes in a currency that is not offered, or in two. */
const offerOf = ({ pricePoints, priceUsdc }: Task, dice: Dice): BidOffer => ({
  proposedApproach: 'As it is written.',
  estimatedMinutes: null,
  ...dice.oneOf([
    { pricePoints: null, priceUsdc: null },
    { pricePoints, priceUsdc: pricePoints === null ? priceUsdc : null },
    { pricePoints: priceUsdc === null ? pricePoints : null, priceUsdc },
    { pricePoints: dice.oneOf(POINTS), priceUsdc: null },
    { pricePoints: null, priceUsdc: dice.oneOf(USDC) },
    pricesOf(dice),
  ]),
});

const deadlineOf = ({ now }: Market, dice: Dice): Date =>
  after(
    now,
    dice.oneOf([MINUTE_MS, 5 * MINUTE_MS, HOUR_MS, 23 * HOUR_MS, 25 * HOUR_MS, 3 * DAY_MS, 7 * DAY_MS]),
  );
