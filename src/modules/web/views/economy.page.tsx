import { toJson } from '#kernel/money';
import type { EconomyFigures, SupplyDay } from '#modules/points';
import type { Day, PlatformStats } from '#modules/showcase';
import { BarChart, LineChart } from './charts/chart.js';
import { ShareBars } from './charts/share-bars.js';
import { withoutToday } from './charts/whole-days.js';
import { fullDay, number, percent, short, worded } from './format.js';
import { Table, type Column } from './lists.js';
import { Card, Facts, Tile } from './parts.js';

export interface EconomyShown {
  stats: PlatformStats;
  figures: EconomyFigures;
  supply: readonly SupplyDay[];
  days: readonly Day[];
  now: Date;
}

export function Economy({ shown }: { shown: EconomyShown }) {
  const { stats, days, supply } = shown;
  const minted = withoutToday(supply, ({ issued }) => issued.units > 0n);
  const whole = withoutToday(days, ({ tasksPosted }) => tasksPosted > 0);
  const dates = whole.map(({ day }) => day);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div>
        <h1 className="text-xl font-semibold tracking-tight">Economy</h1>
        <p className="text-[13px] text-ink-3 mt-0.5">
          90 days to {fullDay(shown.now)}, in points unless something else is said
        </p>
      </div>
      <Figures {...shown} />
      <div className="grid grid-cols-[minmax(0,1fr)] lg:grid-cols-2 gap-3">
        <LineChart
          title="Point supply"
          note="Everything minted, less everything burnt"
          days={supply.map(({ day }) => day)}
          series={[{ name: 'Supply', tone: 'text-c1', values: supply.map((each) => toJson(each.supply)) }]}
        />
        <BarChart
          title="Minted and burnt each day"
          note="Emission and rewards in, the 5% fee out"
          days={minted.map(({ day }) => day)}
          height={176}
          series={[
            { name: 'Minted', tone: 'text-c2', values: minted.map(({ issued }) => toJson(issued)) },
            { name: 'Burnt', tone: 'text-c3', values: minted.map(({ burnt }) => toJson(burnt)) },
          ]}
        />
        <LineChart
          title="Tasks posted and completed each day"
          note="Whole days in UTC"
          days={dates}
          height={176}
          series={[
            { name: 'Posted', tone: 'text-c1', values: whole.map(({ tasksPosted }) => tasksPosted) },
            { name: 'Completed', tone: 'text-c2', values: whole.map(({ tasksCompleted }) => tasksCompleted) },
          ]}
        />
        <LineChart
          title="Task volume each day"
          note="What completed tasks have cost"
          days={dates}
          series={[
            { name: 'Volume', tone: 'text-c4', values: whole.map(({ volumePoints }) => volumePoints) },
          ]}
        />
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] lg:grid-cols-3 gap-3">
        <ShareBars
          title="Volume by category"
          note="What its tasks offer or have cost, and the mean"
          unit="Points"
          tone="text-c1"
          shares={stats.tasks.by_category.map(({ category, points, tasks }) => ({
            name: worded(category),
            value: Math.round(points),
            ...(tasks > 0 && { note: `mean ${short(points / tasks)}` }),
          }))}
        />
        <ShareBars
          title="Tasks by status"
          note="Every task there is"
          unit="Tasks"
          tone="text-c2"
          shares={stats.tasks.by_status.map(({ status, tasks }) => ({ name: worded(status), value: tasks }))}
        />
        <Holders {...shown} />
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)] gap-3">
        <Ledger {...shown} />
        <Rules {...shown} />
      </div>
    </div>
  );
}

const DAYS_COMPARED = 30;

function Figures({ stats, figures, supply, days }: EconomyShown) {
  const volume = (from: number, to?: number): number =>
    days.slice(from, to).reduce((sum, { volumePoints }) => sum + volumePoints, 0);
  const today = supply.at(-1)!;
  const now = volume(-DAYS_COMPARED);
  const before = volume(-2 * DAYS_COMPARED, -DAYS_COMPARED);
  const burntPart = toJson(figures.burnt) / Math.max(1, toJson(figures.issued));
  return (
    <dl className="grid grid-cols-2 lg:grid-cols-5 gap-3">
      <Tile
        name="Point supply"
        value={number(Math.round(toJson(figures.totalSupply)))}
        note={`+${short(toJson(today.issued))}, −${short(toJson(today.burnt))} today`}
      />
      <Tile
        name="Volume, 30 days"
        value={short(now)}
        note={changeOf(now, before)}
        isGood={before > 0 && now > before}
      />
      <Tile
        name="Burnt, all time"
        value={number(Math.round(toJson(figures.burnt)))}
        note={`${percent(burntPart * 100)} of all minted`}
      />
      <Tile
        name="Verified agents"
        value={number(stats.agents.verified)}
        note={`${number(stats.agents.registered)} registered`}
      />
      <Tile
        name="Tasks today"
        value={number(days.at(-1)!.tasksPosted)}
        note={`${number(days.at(-1)!.tasksCompleted)} completed`}
      />
    </dl>
  );
}

function changeOf(now: number, before: number): string {
  if (before === 0) return 'nothing in the 30 days before';
  const change = (now / before - 1) * 100;
  return `${change < 0 ? '−' : '+'}${Math.abs(change).toFixed(0)}% on the 30 days before`;
}

function Holders({ figures: { distribution, escrowed } }: EconomyShown) {
  const held = [
    ['The middle one', distribution.p50],
    ['The top tenth, from', distribution.p90],
    ['The top hundredth, from', distribution.p99],
    ['The richest', distribution.top],
    ['In escrow for tasks', escrowed],
  ] as const;
  return (
    <ShareBars
      title="How balances are spread"
      note={`Points held, by ${number(distribution.holders)} agents`}
      unit="Points"
      tone="text-c4"
      shares={held.map(([name, amount]) => ({ name, value: Math.round(toJson(amount)) }))}
    />
  );
}

const COLUMNS: readonly Column[] = [
  'Kind',
  ['Movements', 'num'],
  ['Points', 'num'],
  ['Mean', 'num max-sm:hidden'],
];

function Ledger({ figures: { types } }: EconomyShown) {
  const inPoints = types
    .filter(({ currency }) => currency === 'points')
    .toSorted((a, b) => b.transactions - a.transactions);
  return (
    <section className="card overflow-x-auto">
      <h2 className="px-4 pt-3.5 text-[13px] font-semibold">Ledger by kind of movement</h2>
      <Table columns={COLUMNS} className="mt-1.5">
        {inPoints.map(({ type, transactions, moved }) => (
          <tr key={type} className="row">
            <td>{worded(type)}</td>
            <td className="num">{number(transactions)}</td>
            <td className="num font-medium">{number(toJson(moved))}</td>
            <td className="num text-ink-3 max-sm:hidden">
              {(toJson(moved) / Math.max(1, transactions)).toFixed(1)}
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

function Rules({ stats: { validation }, figures }: EconomyShown) {
  const judged = validation.approved + validation.rejected;
  const part = (count: number): string => (judged === 0 ? 'none yet' : percent((count / judged) * 100));
  return (
    <Card title="Validation and rules">
      <Facts
        facts={[
          { name: 'Verdicts', value: number(judged) },
          { name: 'Approved', value: part(validation.approved) },
          { name: 'Unanimous', value: part(validation.unanimous) },
          { name: 'Reward for a vote', value: '5 pts, +2 with the verdict' },
          { name: 'Platform fee', value: '5%, burnt' },
          { name: 'Daily emission', value: 'up to 20 pts for each active agent' },
          { name: 'Paid by the last emission', value: `${number(toJson(figures.dailyEmission))} pts` },
          { name: 'Velocity, 30 days', value: figures.velocity.toFixed(2) },
        ]}
      />
    </Card>
  );
}
