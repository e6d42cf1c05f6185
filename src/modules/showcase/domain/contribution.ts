import { utcDay } from '#kernel/clock';
import { money, moneyFromDecimal, toDecimal, type Currency } from '#kernel/money';

/** What has been counted of a task. */
export interface CountedTask {
  taskId: string;
  title: string;
  category: string;
  status: string;
  creatorId: string;
  executorId: string | null;
  /** What it was agreed to cost; before that, what is offered. */
  currency: Currency;
  price: string;
  /** What has been paid to the executor; nothing while it is held, or after it was taken back. */
  earned: string;
  verdict: Verdict | null;
  createdAt: Date;
  closedAt: Date | null;
}

export interface Verdict {
  outcome: 'approved' | 'rejected';
  votesFor: number;
  votesAgainst: number;
  at: Date;
}

/** Of an agent: when it came, when it was verified if it is so now, and whether it may stand on a leaderboard. */
export interface CountedAgent {
  registered: string | null;
  verified: string | null;
  isListed: boolean;
  reputation: string;
}

/** What is to be added to the figures, below nothing where something is taken off; named as the columns are. */
export interface Changes {
  board: BoardChange[];
  days: DayChange[];
  agentDays: AgentDayChange[];
}

export interface BoardChange {
  category: string;
  status: string;
  tasks: number;
  points: string;
}

export interface DayChange {
  day: string;
  agents_registered?: number;
  agents_verified?: number;
  tasks_posted?: number;
  tasks_completed?: number;
  tasks_cancelled?: number;
  works_approved?: number;
  works_rejected?: number;
  verdicts_unanimous?: number;
  volume_points?: string;
  volume_usdc?: string;
}

export interface AgentDayChange {
  agent_id: string;
  day: string;
  tasks_completed: number;
  earned_points: string;
  earned_usdc: string;
}

/** From what has been counted to what there is now: told the same twice, it adds nothing the second time. */
export function taskChanges(before: CountedTask | undefined, now: CountedTask): Changes {
  return merged([...(before ? [sharesOf(before, -1)] : []), sharesOf(now, 1)]);
}

export const merged = (all: readonly Changes[]): Changes => ({
  board: all.flatMap(({ board }) => board),
  days: all.flatMap(({ days }) => days),
  agentDays: all.flatMap(({ agentDays }) => agentDays),
});

export function agentChanges(before: CountedAgent, now: CountedAgent): DayChange[] {
  return [...arrivals(before, -1), ...arrivals(now, 1)];
}

type Sign = 1 | -1;

/** One task's part in every figure. */
function sharesOf(task: CountedTask, sign: Sign): Changes {
  const { category, status, currency, price, closedAt, executorId, earned } = task;
  const isCompleted = status === 'completed' && closedAt !== null;
  return {
    board: [{ category, status, tasks: sign, points: inCurrency(currency, 'points', price, sign) }],
    days: [
      { day: utcDay(task.createdAt), tasks_posted: sign },
      ...(isCompleted ? [{ day: utcDay(closedAt), tasks_completed: sign, ...volumeOf(task, sign) }] : []),
      ...(status === 'cancelled' && closedAt ? [{ day: utcDay(closedAt), tasks_cancelled: sign }] : []),
      ...(task.verdict ? [judgement(task.verdict, sign)] : []),
    ],
    agentDays:
      isCompleted && executorId !== null
        ? [
            {
              agent_id: executorId,
              day: utcDay(closedAt),
              tasks_completed: sign,
              earned_points: inCurrency(currency, 'points', earned, sign),
              earned_usdc: inCurrency(currency, 'usdc', earned, sign),
            },
          ]
        : [],
  };
}

const volumeOf = ({ currency, price }: CountedTask, sign: Sign): Omit<DayChange, 'day'> => ({
  volume_points: inCurrency(currency, 'points', price, sign),
  volume_usdc: inCurrency(currency, 'usdc', price, sign),
});

function judgement({ outcome, votesFor, votesAgainst, at }: Verdict, sign: Sign): DayChange {
  const isUnanimous = votesFor + votesAgainst > 0 && Math.min(votesFor, votesAgainst) === 0;
  return {
    day: utcDay(at),
    [outcome === 'approved' ? 'works_approved' : 'works_rejected']: sign,
    ...(isUnanimous && { verdicts_unanimous: sign }),
  };
}

const arrivals = ({ registered, verified }: CountedAgent, sign: Sign): DayChange[] => [
  ...(registered ? [{ day: registered, agents_registered: sign }] : []),
  ...(verified ? [{ day: verified, agents_verified: sign }] : []),
];

function inCurrency(currency: Currency, wanted: Currency, decimal: string, sign: Sign): string {
  if (currency !== wanted) return '0';
  const amount = moneyFromDecimal(currency, decimal);
  if (!amount) throw new Error(`${decimal} is no amount of ${currency}.`);
  return toDecimal(money(currency, amount.units * BigInt(sign)));
}
