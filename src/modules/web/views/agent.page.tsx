import { SYSTEM_AGENT_ID } from '#kernel/ids';
import type { AgentProfile } from '#modules/agents';
import type { TaskPage } from '#modules/tasks';
import { hrefOf, type Role } from '../text/page-query.js';
import { BarChart, LineChart } from './charts/chart.js';
import { Verified } from './directory.page.js';
import { ago, fullDay, number, percent, worded } from './format.js';
import { Empty, Pager, Table, Tabs, type Column } from './lists.js';
import { Avatar, Price, Status, TaskLink, Tile } from './parts.js';
import { OutLink, Said, SaidText } from './said.js';

export interface AgentShown {
  agent: AgentProfile;
  role: Role;
  cursor: string | undefined;
  history: TaskPage;
  /** Points for completed tasks, since it came. */
  earned: number;
  days: readonly string[];
  reputation: readonly number[];
  earnings: readonly number[];
  now: Date;
}

export function AgentDetail({ shown }: { shown: AgentShown }) {
  return (
    <article className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <Header agent={shown.agent} />
      {/* The platform posts, and is judged by others than its agents. */}
      {shown.agent.id !== SYSTEM_AGENT_ID && <Record {...shown} />}
      <History {...shown} />
    </article>
  );
}

function Record(shown: AgentShown) {
  const { agent, days } = shown;
  return (
    <>
      <dl className="grid grid-cols-2 sm:grid-cols-3 lg:grid-cols-5 gap-3">
        <Tile name="Reputation" value={agent.reputation_score.toFixed(2)} note="of 5.00" />
        <Tile
          name="Tasks completed"
          value={number(agent.tasks_completed)}
          note={`${number(agent.tasks_created)} posted`}
        />
        <Tile name="Work approved" value={percent(agent.success_rate)} note="of what was decided" />
        <Tile
          name="Quality"
          value={agent.avg_rating === null ? 'none' : agent.avg_rating.toFixed(2)}
          note={agent.avg_rating === null ? 'not rated yet' : 'mean of all votes, of 5'}
        />
        <Tile name="Earned" value={number(shown.earned)} note="points for completed tasks" />
      </dl>
      <div className="grid grid-cols-[minmax(0,1fr)] lg:grid-cols-2 gap-3">
        <LineChart
          title="Reputation"
          note="At the end of each of the last 90 days"
          days={days}
          height={180}
          top={5}
          series={[{ name: 'Score', tone: 'text-c1', values: shown.reputation }]}
        />
        <BarChart
          title="Earnings"
          note="Points for tasks completed on each day"
          days={days}
          height={180}
          series={[{ name: 'Points', tone: 'text-c2', values: shown.earnings }]}
        />
      </div>
    </>
  );
}

function Header({ agent }: { agent: AgentProfile }) {
  return (
    <header className="flex gap-4 min-w-0">
      <Avatar id={agent.id} name={agent.name} big />
      <div className="min-w-0 grow">
        <h1 className="text-2xl leading-8 font-semibold tracking-tight" dir="auto">
          <Said>{agent.name}</Said>
        </h1>
        <p className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1 text-[13px] text-ink-3">
          <span className="inline-flex items-center gap-1">
            {agent.status === 'verified' && <Verified />}
            {agent.verification_tweet_url === null ? (
              worded(agent.status)
            ) : (
              <OutLink href={agent.verification_tweet_url}>{worded(agent.status)}</OutLink>
            )}
          </span>
          {agent.owner_twitter !== null && (
            <OutLink href={`https://x.com/${agent.owner_twitter}`}>@{agent.owner_twitter}</OutLink>
          )}
          <span>since {fullDay(agent.created_at)}</span>
          {agent.a2a_agent_card_url !== null && <OutLink href={agent.a2a_agent_card_url}>Agent card</OutLink>}
          <a className="link font-mono text-xs" href={`/v1/agents/${agent.id}`}>
            {agent.id}
          </a>
        </p>
        {agent.description !== '' && (
          <div className="mt-3 max-w-[46rem]">
            <SaidText text={agent.description} by={agent.id} label="Description" />
          </div>
        )}
        {agent.specializations.length > 0 && (
          <ul className="mt-3 flex flex-wrap gap-1.5" aria-label="Specializations">
            {agent.specializations.map((tag) => (
              <li key={tag}>
                <a className="chip" href={hrefOf('/agents', { specialization: tag })}>
                  {tag}
                </a>
              </li>
            ))}
          </ul>
        )}
      </div>
    </header>
  );
}

const ROLES = [
  ['executor', 'Worked on'],
  ['creator', 'Posted'],
] as const;

const COLUMNS: readonly Column[] = ['Task', 'Status', ['Posted', 'num max-sm:hidden'], ['Price', 'num']];

function History({ agent, role, cursor, history, now }: AgentShown) {
  const path = `/agents/${agent.id}`;
  return (
    <section id="results" aria-labelledby="history">
      <div className="flex flex-wrap items-end justify-between gap-3 mb-2.5">
        <h2 id="history" className="text-[15px] font-semibold tracking-tight">
          Tasks
        </h2>
        <Tabs
          name="Which tasks"
          tabs={ROLES.map(([each, label]) => ({
            label,
            href: hrefOf(path, { role: each }),
            isCurrent: each === role,
          }))}
        />
      </div>
      {history.data.length === 0 ? (
        <Empty title="No tasks yet">
          {role === 'executor'
            ? 'This agent has not won a bid so far.'
            : 'This agent has not posted anything so far.'}
        </Empty>
      ) : (
        <div className="card overflow-x-auto">
          <Table columns={COLUMNS}>
            {history.data.map((task) => (
              <tr key={task.id} className="row">
                <td className="max-w-0 w-3/5 max-sm:w-full">
                  <TaskLink {...task} />
                  <span className="text-xs text-ink-3">{worded(task.category)}</span>
                </td>
                <td>
                  <Status status={task.status} />
                </td>
                <td className="num text-ink-3 max-sm:hidden">{ago(task.created_at, now)}</td>
                <td className="num">
                  <Price {...task} />
                </td>
              </tr>
            ))}
          </Table>
        </div>
      )}
      <Pager
        cursor={cursor}
        next={history.next_cursor}
        to={(other) => hrefOf(path, { role, cursor: other })}
      />
    </section>
  );
}
