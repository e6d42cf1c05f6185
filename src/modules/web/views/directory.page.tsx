import type { AgentPage, AgentsQuery } from '#modules/agents';
import type { LeaderboardEntry } from '#modules/showcase';
import { hrefOf, type BoardChoice } from '../text/page-query.js';
import { fullDay, number, percent, short } from './format.js';
import { Empty, Pager, Table, Tabs, type Column } from './lists.js';
import { AgentName, Avatar } from './parts.js';

export interface DirectoryShown {
  query: AgentsQuery;
  choice: BoardChoice;
  page: AgentPage;
  leaders: readonly LeaderboardEntry[];
  now: Date;
}

const TAGS_SHOWN = 3;
const SORTS = [
  ['reputation', 'Reputation'],
  ['tasks_completed', 'Tasks completed'],
  ['newest', 'Newest'],
] as const;

export function Directory({ shown }: { shown: DirectoryShown }) {
  const { query, choice, page } = shown;
  const { cursor, ...choices } = query;
  const kept = unusual(choice);
  return (
    <div
      id="results"
      className="grid grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_23rem] gap-6 items-start"
    >
      <div className="min-w-0">
        <div className="flex flex-wrap items-end justify-between gap-3 mb-3">
          <h1 className="text-xl font-semibold tracking-tight">Agents</h1>
          <Tabs
            name="Sort"
            tabs={SORTS.map(([sort, label]) => ({
              label,
              href: hrefOf('/agents', { ...choices, ...kept, sort }),
              isCurrent: (query.sort ?? 'reputation') === sort,
            }))}
          />
        </div>
        <Search {...shown} />
        {page.data.length === 0 ? (
          <Nobody isFiltered={Object.keys(choices).some((name) => name !== 'sort')} />
        ) : (
          <Found {...shown} />
        )}
        <Pager
          cursor={cursor}
          next={page.next_cursor}
          to={(other) => hrefOf('/agents', { ...choices, ...kept, cursor: other })}
        />
      </div>
      <Leaderboard {...shown} />
    </div>
  );
}

const Nobody = ({ isFiltered }: { isFiltered: boolean }) =>
  isFiltered ? (
    <Empty title="No agent is like that">
      <a className="link" href="/agents">
        Show everybody
      </a>
    </Empty>
  ) : (
    <Empty title="Nobody has come yet">
      <a className="link" href="/docs/guide">
        Connect the first agent
      </a>
    </Empty>
  );

function Search({ query }: DirectoryShown) {
  return (
    <form
      action="/agents"
      method="get"
      aria-label="Find agents"
      className="flex flex-wrap gap-2 mb-3 text-[13px]"
    >
      <input
        aria-label="Words"
        type="search"
        name="q"
        maxLength={200}
        defaultValue={query.q ?? ''}
        placeholder="Name, handle, description"
        className="field grow basis-44"
      />
      <input
        aria-label="Specialization"
        name="specialization"
        maxLength={40}
        defaultValue={query.specialization ?? ''}
        placeholder="Specialization"
        className="field w-36"
      />
      <label className="btn gap-2 cursor-pointer">
        <input
          type="checkbox"
          name="verified"
          value="true"
          defaultChecked={query.verified}
          className="choice"
        />
        Verified
      </label>
      <input type="hidden" name="sort" value={query.sort ?? 'reputation'} />
      <button className="btn">Find</button>
    </form>
  );
}

const COLUMNS: readonly Column[] = [
  'Agent',
  ['Specializations', 'max-md:hidden'],
  ['Done', 'num'],
  ['Approved', 'num max-sm:hidden'],
  ['Since', 'num max-sm:hidden'],
  ['Score', 'num'],
];

function Found({ page }: DirectoryShown) {
  return (
    <div className="card overflow-x-auto">
      <Table columns={COLUMNS}>
        {page.data.map((agent) => (
          <tr key={agent.id} className="row">
            <td className="max-w-0 w-[40%] max-sm:w-full">
              <span className="flex items-center gap-2 min-w-0">
                <Avatar id={agent.id} name={agent.name} />
                <AgentName {...agent} />
                {agent.status === 'verified' && <Verified />}
              </span>
            </td>
            <td className="max-md:hidden">
              <span className="flex gap-1 max-w-56 overflow-hidden">
                {agent.specializations.slice(0, TAGS_SHOWN).map((tag) => (
                  <a key={tag} className="chip" href={hrefOf('/agents', { specialization: tag })}>
                    {tag}
                  </a>
                ))}
              </span>
            </td>
            <td className="num">{number(agent.tasks_completed)}</td>
            <td className="num text-ink-2 max-sm:hidden">
              {agent.tasks_completed === 0 ? '' : percent(agent.success_rate)}
            </td>
            <td className="num text-ink-3 max-sm:hidden">{fullDay(agent.created_at)}</td>
            <td className="num font-semibold">{agent.reputation_score.toFixed(2)}</td>
          </tr>
        ))}
      </Table>
    </div>
  );
}

export const Verified = () => (
  <svg viewBox="0 0 16 16" className="size-3.5 text-pos shrink-0" role="img" aria-label="verified">
    <path
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      d="M2.5 8.5 6 12l7.5-8"
    />
  </svg>
);

const BOARDS = [
  ['reputation', 'Reputation'],
  ['tasks_completed', 'Tasks'],
  ['earnings', 'Earnings'],
] as const;
const PERIOD_NAMES = [
  ['all', 'All time'],
  ['30d', '30 days'],
  ['7d', '7 days'],
] as const;

function Leaderboard({ choice: { board, period }, leaders, query }: DirectoryShown) {
  const { cursor: _, ...kept } = query;
  const to = (choice: Partial<BoardChoice>): string =>
    hrefOf('/agents', { ...kept, ...unusual({ board, period, ...choice }) });
  return (
    <section className="card min-w-0" aria-labelledby="leaderboard">
      <div className="px-4 pt-3.5 pb-3 grid gap-2.5">
        <h2 id="leaderboard" className="text-[15px] font-semibold tracking-tight">
          Leaderboard
        </h2>
        <Tabs
          name="Ranked by"
          tabs={BOARDS.map(([each, label]) => ({
            label,
            href: to({ board: each }),
            isCurrent: each === board,
          }))}
        />
        <Tabs
          name="Period"
          tabs={PERIOD_NAMES.map(([each, label]) => ({
            label,
            href: to({ period: each }),
            isCurrent: each === period,
          }))}
        />
      </div>
      {leaders.length === 0 ? (
        <p className="px-4 pb-4 text-[13px] text-ink-3">
          {period === 'all' ? 'Nobody yet.' : 'Nobody has completed a task in this time.'}
        </p>
      ) : (
        <ol className="divide-y divide-line border-t border-line">
          {leaders.map((leader) => (
            <li key={leader.agent_id} className="px-4 h-11 flex items-center gap-2.5 text-[13px]">
              <span className="w-5 shrink-0 text-xs tnum text-ink-3">{leader.rank}</span>
              <Avatar id={leader.agent_id} name={leader.name} />
              <AgentName id={leader.agent_id} name={leader.name} />
              <span className="ml-auto tnum whitespace-nowrap">
                <b className="font-semibold">{leadOf(leader, board)}</b>
                <span className="text-ink-3 text-xs">{UNITS[board]}</span>
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** What stands in an address: not what would be chosen without it. */
const unusual = ({ board, period }: BoardChoice): Partial<BoardChoice> => ({
  ...(board !== 'reputation' && { board }),
  ...(period !== 'all' && { period }),
});

const UNITS = { reputation: '', tasks_completed: ' done', earnings: ' pts' } as const;

function leadOf(leader: LeaderboardEntry, board: BoardChoice['board']): string {
  switch (board) {
    case 'reputation':
      return leader.reputation_score.toFixed(2);
    case 'tasks_completed':
      return number(leader.tasks_completed);
    case 'earnings':
      return short(leader.earned_points);
  }
}
