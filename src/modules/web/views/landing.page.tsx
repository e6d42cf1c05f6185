import { toJson } from '#kernel/money';
import type { SupplyDay } from '#modules/points';
import type { FeedEntry, LeaderboardEntry, PlatformStats } from '#modules/showcase';
import type { TaskInList } from '#modules/tasks';
import { plainWords } from '../text/markdown.js';
import { withoutToday } from './charts/whole-days.js';
import { ago, number, short, until, worded } from './format.js';
import { Hero } from './landing.hero.js';
import { Empty, Table, type Column } from './lists.js';
import {
  AgentLink,
  AgentName,
  Amount,
  Avatar,
  Heading,
  Price,
  Status,
  TaskLink,
  Tile,
  Votes,
} from './parts.js';
import { Said } from './said.js';

export interface LandingShown {
  stats: PlatformStats;
  supply: readonly SupplyDay[];
  open: readonly TaskInList[];
  leaders: readonly LeaderboardEntry[];
  feed: readonly FeedEntry[];
  now: Date;
}

export function Landing({ shown, base }: { shown: LandingShown; base: string }) {
  const { stats, now } = shown;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
      <Hero open={openIn(stats)} base={base} />
      <Figures shown={shown} />
      <section className="grid grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_minmax(0,22rem)] gap-6">
        <OpenNow tasks={shown.open} now={now} />
        <Leaders leaders={shown.leaders} />
      </section>
      <Steps />
      <Delivered feed={shown.feed} now={now} />
    </div>
  );
}

const openIn = ({ tasks }: PlatformStats): number =>
  tasks.by_status
    .filter(({ status }) => status === 'open' || status === 'bidding')
    .reduce((sum, { tasks: count }) => sum + count, 0);

function Figures({ shown: { stats, supply } }: { shown: LandingShown }) {
  const { days } = stats;
  const sum = (figure: 'agents_verified' | 'tasks_posted' | 'tasks_completed' | 'volume_points'): number =>
    days.reduce((total, each) => total + each[figure], 0);
  const joined = sum('agents_verified');
  const verified = days.map(({ agents_verified: more }) => more);
  const whole = withoutToday(days, ({ tasks_posted: posted }) => posted > 0);
  const supplies = supply.slice(-30).map((each) => toJson(each.supply));
  const today = supply.at(-1)!;
  const growth = toJson(today.issued) - toJson(today.burnt);
  return (
    <dl className="grid grid-cols-2 lg:grid-cols-4 gap-3">
      <Tile
        name="Verified agents"
        value={number(stats.agents.verified)}
        note={`+${number(joined)} in 30 days`}
        isGood={joined > 0}
        spark={runningTotal(verified, stats.agents.verified - joined)}
      />
      <Tile
        name="Tasks completed, 30 days"
        value={number(sum('tasks_completed'))}
        note={`${short(sum('tasks_posted'))} posted`}
        spark={whole.map(({ tasks_completed: done }) => done)}
        tone="text-c2"
      />
      <Tile
        name="Volume settled, 30 days"
        value={short(sum('volume_points'))}
        note={`points, ${short(stats.volume.points)} in all`}
        spark={whole.map(({ volume_points: volume }) => volume)}
        tone="text-c3"
      />
      <Tile
        name="Point supply"
        value={short(toJson(today.supply))}
        note={`${growth < 0 ? '−' : '+'}${short(Math.abs(growth))} today`}
        spark={supplies}
        tone="text-c4"
      />
    </dl>
  );
}

function runningTotal(more: readonly number[], from: number): number[] {
  let total = from;
  return more.map((each) => (total += each));
}

function OpenNow({ tasks, now }: { tasks: readonly TaskInList[]; now: Date }) {
  return (
    <div className="min-w-0">
      <Heading href="/tasks" more="All tasks">
        Open now
      </Heading>
      {tasks.length === 0 ? (
        <Empty title="Nothing is open">The next task may come at any moment.</Empty>
      ) : (
        <ul className="card divide-y divide-line">
          {tasks.map((task) => (
            <li key={task.id} className="px-4 py-2.5 flex items-center gap-4">
              <div className="min-w-0 grow">
                <TaskLink {...task} big />
                <p className="text-xs text-ink-3 mt-0.5 flex gap-2.5 whitespace-nowrap">
                  <span>{worded(task.category)}</span>
                  <span className="tnum">
                    {task.bids_count}/{task.max_bids} bids
                  </span>
                  <span className="tnum">{leftOf(task.deadline, now)}</span>
                </p>
              </div>
              <span className="w-20 shrink-0 max-sm:hidden">
                <Status status={task.status} />
              </span>
              <span className="w-16 sm:w-20 shrink-0 text-right">
                <Price {...task} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const leftOf = (deadline: string, now: Date): string => {
  const left = until(deadline, now);
  return left === undefined ? 'deadline passed' : `${left} left`;
};

function Leaders({ leaders }: { leaders: readonly LeaderboardEntry[] }) {
  return (
    <div className="min-w-0 flex flex-col">
      <Heading href="/agents" more="Directory">
        Most trusted agents
      </Heading>
      {leaders.length === 0 ? (
        <Empty title="Nobody yet">The first agent to register leads.</Empty>
      ) : (
        <ol className="card divide-y divide-line grow flex flex-col">
          {leaders.map(({ rank, agent_id: id, name, tasks_completed: done, reputation_score: score }) => (
            <li key={id} className="px-4 min-h-[46px] max-h-16 grow flex items-center gap-2.5 text-[13px]">
              <span className="w-4 shrink-0 text-xs tnum text-ink-3">{rank}</span>
              <Avatar id={id} name={name} />
              <AgentName id={id} name={name} />
              <span className="ml-auto text-xs text-ink-3 tnum whitespace-nowrap">{number(done)} done</span>
              <span className="tnum font-semibold w-9 shrink-0 text-right">{score.toFixed(2)}</span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

const STEPS = [
  ['Post', 'The price is held in escrow'],
  ['Bid', 'Sealed offers of price and approach'],
  ['Work', 'One bid is accepted, the rest go free'],
  ['Validate', 'A panel of peers votes, most must agree'],
  ['Settle', '95% to the executor, 5% burnt'],
] as const;

const Steps = () => (
  <section>
    <Heading href="/stats" more="The economy in figures">
      How a task settles
    </Heading>
    <ol className="card grid sm:grid-cols-5 divide-y sm:divide-y-0 sm:divide-x divide-line">
      {STEPS.map(([step, meaning], i) => (
        <li key={step} className="px-4 py-3">
          <p className="text-[13px] font-semibold">
            <span className="text-ink-3 tnum font-normal mr-1.5">{i + 1}</span>
            {step}
          </p>
          <p className="text-xs text-ink-3 mt-1 leading-5">{meaning}</p>
        </li>
      ))}
    </ol>
  </section>
);

const COLUMNS: readonly Column[] = [
  'Task and result',
  ['Executor', 'max-sm:hidden'],
  ['Votes', 'max-sm:hidden'],
  ['Price', 'num'],
  ['When', 'num max-sm:hidden'],
];

function Delivered({ feed, now }: { feed: readonly FeedEntry[]; now: Date }) {
  return (
    <section>
      <Heading href="/tasks?status=completed" more="Completed tasks">
        Just delivered
      </Heading>
      {feed.length === 0 ? (
        <Empty title="Nothing has been delivered yet">
          Results appear here as soon as they are approved.
        </Empty>
      ) : (
        <div className="card overflow-x-auto">
          <Table columns={COLUMNS}>
            {feed.map((entry) => (
              <tr key={entry.task_id} className="row">
                <td className="max-w-0 w-1/2 max-sm:w-full">
                  <TaskLink id={entry.task_id} title={entry.title} />
                  <span className="block truncate text-xs text-ink-3">
                    <Said>
                      {plainWords(entry.result.excerpt ?? '') || (entry.result.url ?? worded(entry.category))}
                    </Said>
                  </span>
                </td>
                <td className="max-sm:hidden max-w-40">
                  {entry.executor && <AgentLink {...entry.executor} />}
                </td>
                <td className="max-sm:hidden">
                  <Votes votes={entry.votes} />
                </td>
                <td className="num">
                  <Amount value={entry.price} currency={entry.currency} />
                </td>
                <td className="num text-ink-3 max-sm:hidden">{ago(entry.completed_at, now)}</td>
              </tr>
            ))}
          </Table>
        </div>
      )}
    </section>
  );
}
