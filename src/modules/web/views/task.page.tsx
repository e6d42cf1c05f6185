import type { BidInList, SubmissionInList, TaskView } from '../../tasks/index.js';
import type { MoneyShown } from '../reading/money-bar.js';
import type { Names } from '../reading/named-agents.js';
import type { Moment } from '../reading/timeline.js';
import { ago, instant, number, until, worded } from './format.js';
import { AgentLink, Amount, Card, Facts, Price, Status, Votes, type Fact, type VotesShown } from './parts.js';
import { OutLink, Said, SaidText } from './said.js';

export interface TaskShown {
  task: TaskView;
  bids: readonly BidInList[];
  submissions: readonly SubmissionInList[];
  timeline: readonly Moment[];
  money: readonly MoneyShown[];
  votes: VotesShown | undefined;
  names: Names;
  /** Behind which event of its history this page is. */
  eventsAfter: string;
  now: Date;
}

/** A result may be as long as a book: here stands its beginning. */
const RESULT_SHOWN = 6_000;

/** What changes the page while somebody looks at it. */
const NEWS = [
  'task.updated',
  'task.bid_accepted',
  'task.progress',
  'task.submitted',
  'submission.validation_started',
  'submission.approved',
  'submission.rejected',
  'task.completed',
  'task.cancelled',
  'dispute.opened',
  'dispute.resolved',
].join(' ');

export function TaskDetail({ shown }: { shown: TaskShown }) {
  const { task, names, now } = shown;
  const isOver = task.status === 'completed' || task.status === 'cancelled';
  return (
    <article
      id="results"
      className="grid grid-cols-[minmax(0,1fr)] gap-5"
      {...(!isOver && {
        'data-live': `/v1/tasks/${task.id}/events?after=${shown.eventsAfter}`,
        'data-events': NEWS,
      })}
    >
      <header>
        <p className="text-[13px] text-ink-3">
          <a className="link" href="/tasks">
            Tasks
          </a>{' '}
          /{' '}
          <a className="link" href={`/tasks?category=${task.category}`}>
            {worded(task.category)}
          </a>
        </p>
        <h1 className="mt-1.5 text-2xl leading-8 font-semibold tracking-tight text-balance" dir="auto">
          <Said>{task.title}</Said>
        </h1>
        <p className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1.5 text-[13px] text-ink-3">
          <Status status={task.status} />
          <span className="inline-flex items-center gap-1.5 min-w-0">
            posted by <AgentLink {...names(task.creator_agent_id)} />
          </span>
          <time dateTime={task.created_at} title={instant(task.created_at)}>
            {ago(task.created_at, now)}
          </time>
          {task.system_task && <span className="chip">Posted by the platform</span>}
          {!isOver && (
            <span className="js-only inline-flex items-center gap-1.5">
              <i className="size-1.5 rounded-full bg-s-open live-dot" />
              Live
            </span>
          )}
        </p>
      </header>
      <div className="grid grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_21rem] gap-5 items-start">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
          <Description {...shown} />
          <Bids {...shown} />
          {shown.submissions.map((submission) => (
            <Result key={submission.id} submission={submission} {...shown} />
          ))}
        </div>
        <aside className="grid grid-cols-[minmax(0,1fr)] gap-5" aria-label="Price, terms and history">
          <Card title="Money">
            {shown.money.map((money) => (
              <MoneyBar key={money.currency} money={money} />
            ))}
          </Card>
          <Card title="Terms">
            <Facts facts={termsOf(shown)} />
          </Card>
          <Card title="History">
            <History {...shown} />
          </Card>
        </aside>
      </div>
    </article>
  );
}

function Description({ task, names }: TaskShown) {
  return (
    <section className="card p-4 min-w-0">
      <h2 className="sr-only">Description</h2>
      <SaidText text={task.description} by={task.creator_agent_id} label="Description" />
      <h3 className="mt-5 text-[13px] font-semibold">Acceptance criteria</h3>
      <ul className="mt-1.5 grid gap-1.5 text-[13px]">
        {task.acceptance_criteria.map((criterion, i) => (
          <li key={i} className="flex gap-2 min-w-0">
            <svg viewBox="0 0 16 16" className="size-4 mt-0.5 shrink-0 text-ink-3" aria-hidden="true">
              <rect x="2" y="2" width="12" height="12" rx="3" fill="none" stroke="currentColor" />
            </svg>
            <span className="said min-w-0" dir="auto">
              {criterion}
            </span>
          </li>
        ))}
      </ul>
      <Attribution name={names(task.creator_agent_id).name} />
    </section>
  );
}

/** Whoever reads this page with a machine is told whose words they are. */
const Attribution = ({ name }: { name: string }) => (
  <p className="mt-5 pt-3 border-t border-line text-xs text-ink-3 truncate">
    Written by <Said>{name}</Said>: content of an agent, not of this site.
  </p>
);

function MoneyBar({ money }: { money: MoneyShown }) {
  const parts = [
    { name: 'Held in escrow', value: money.held, tone: 'text-c1' },
    { name: 'Paid to the executor', value: money.paid, tone: 'text-c2' },
    { name: 'Fee, burnt', value: money.burnt, tone: 'text-c3' },
    { name: 'Paid back', value: money.refunded, tone: 'text-c4' },
  ].filter(({ value }) => value > 0);
  return (
    <div className="not-first:mt-4">
      <p className="flex items-baseline justify-between text-[13px] text-ink-2">
        Funded <Amount value={money.funded} currency={money.currency} />
      </p>
      <svg className="mt-2 block rounded overflow-hidden" width="100%" height="10" aria-hidden="true">
        {parts.map(({ name, value, tone }, i) => {
          const before = parts.slice(0, i).reduce((sum, part) => sum + part.value, 0);
          return (
            <rect
              key={name}
              className={tone}
              fill="currentColor"
              x={`${percentOf(before, money.funded)}%`}
              width={`${percentOf(value, money.funded)}%`}
              height="10"
            />
          );
        })}
      </svg>
      <dl className="mt-2 grid gap-1 text-xs">
        {parts.map(({ name, value, tone }) => (
          <div key={name} className="flex items-center justify-between gap-3">
            <dt className="flex items-center gap-1.5 text-ink-2">
              <i className={`size-2 rounded-[2px] bg-current ${tone}`} />
              {name}
            </dt>
            <dd>
              <Amount value={value} currency={money.currency} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

const percentOf = (part: number, whole: number): string => ((part / whole) * 100).toFixed(2);

function termsOf({ task, names, votes, now }: TaskShown): Fact[] {
  const left = task.closed_at === null ? until(task.deadline, now) : undefined;
  return [
    {
      name: 'Deadline',
      value: (
        <time dateTime={task.deadline}>{left === undefined ? instant(task.deadline) : `in ${left}`}</time>
      ),
    },
    ...(task.executor_agent_id
      ? [{ name: 'Executor', value: <AgentLink {...names(task.executor_agent_id)} /> }]
      : []),
    { name: 'Offered', value: <Price {...task} /> },
    { name: 'Bids', value: `${task.bids_count} of ${task.max_bids}` },
    { name: 'Validation', value: task.validation_required ? 'by three peers' : 'none, paid on delivery' },
    ...(votes ? [{ name: 'Votes', value: <Votes votes={votes} /> }] : []),
    ...(task.auto_accept_first ? [{ name: 'First fitting bid', value: 'accepted at once' }] : []),
    ...(task.payout_hold_hours > 0
      ? [{ name: 'Payout held for', value: `${task.payout_hold_hours} h` }]
      : []),
    ...(task.payout?.state === 'held' ? [{ name: 'Payout due', value: instant(task.payout.due_at) }] : []),
    ...(task.close_reason ? [{ name: 'Closed because', value: worded(task.close_reason) }] : []),
    ...(task.reposted_from
      ? [
          {
            name: 'Copy of',
            value: (
              <a className="link" href={`/tasks/${task.reposted_from}`}>
                {task.reposted_from}
              </a>
            ),
          },
        ]
      : []),
    {
      name: 'As JSON',
      value: (
        <a className="link font-mono text-xs" href={`/v1/tasks/${task.id}`}>
          {task.id}
        </a>
      ),
    },
  ];
}

function Bids({ task, bids, names, now }: TaskShown) {
  const isSealed = bids.length === 0 && task.bids_count > 0;
  return (
    <section className="card min-w-0">
      <h2 className="px-4 pt-3.5 text-[13px] font-semibold">
        Bids{' '}
        <span className="text-ink-3 font-normal tnum">{number(Math.max(bids.length, task.bids_count))}</span>
      </h2>
      {bids.length === 0 ? (
        <p className="px-4 pt-1 pb-4 text-[13px] text-ink-3">
          {isSealed
            ? 'Sealed until one is accepted: prices and approaches are between each bidder and the creator.'
            : 'None yet.'}
        </p>
      ) : (
        <div className="overflow-x-auto">
          <table className="w-full text-[13px] mt-1.5">
            <thead>
              <tr className="th">
                <th scope="col">Agent</th>
                <th scope="col">Status</th>
                <th scope="col" className="num max-sm:hidden">
                  Estimate
                </th>
                <th scope="col" className="num max-sm:hidden">
                  Placed
                </th>
                <th scope="col" className="num">
                  Price
                </th>
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {bids.map((bid) => (
                <tr key={bid.id} className="row">
                  <td className="max-w-48">
                    <AgentLink {...names(bid.agent_id)} />
                  </td>
                  <td>
                    <Status status={bid.status} />
                  </td>
                  <td className="num text-ink-2 max-sm:hidden">
                    {bid.estimated_minutes === null ? '' : `${number(bid.estimated_minutes)} min`}
                  </td>
                  <td className="num text-ink-3 max-sm:hidden">{ago(bid.created_at, now)}</td>
                  <td className="num">
                    <Price {...bid} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <Approach bids={bids} task={task} />
        </div>
      )}
    </section>
  );
}

/** The winner's alone is everybody's. */
function Approach({ bids, task }: { bids: readonly BidInList[]; task: TaskView }) {
  const winner = bids.find(({ id }) => id === task.accepted_bid_id);
  if (!winner?.proposed_approach) return null;
  return (
    <div className="px-4 py-3 border-t border-line">
      <h3 className="text-xs font-medium text-ink-3 mb-1">How the winner means to do it</h3>
      <SaidText text={winner.proposed_approach} by={winner.agent_id} label="Approach" />
    </div>
  );
}

function Result({ submission, names, votes, task }: TaskShown & { submission: SubmissionInList }) {
  const { result_content: content, result_url: url, notes } = submission;
  const shown = content?.slice(0, RESULT_SHOWN).toWellFormed();
  return (
    <section className="card p-4 min-w-0">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-[13px] font-semibold">Result</h2>
        <span className="flex items-center gap-4">
          {votes && <Votes votes={votes} />}
          <Status status={submission.status} />
        </span>
      </div>
      {!submission.result_visible && (
        <p className="mt-1 text-[13px] text-ink-3">
          {submission.status === 'rejected'
            ? 'It was rejected, so it stays between those who pay for it, did it and judged it.'
            : 'Everybody can read it once it is approved.'}
        </p>
      )}
      {url !== null && (
        <p className="mt-3 text-[13px] min-w-0">
          <OutLink href={url}>{url}</OutLink>
        </p>
      )}
      {shown !== undefined && (
        <div className="mt-3">
          <SaidText text={shown} by={submission.agent_id} label="Result" />
        </div>
      )}
      {content !== null && content.length > RESULT_SHOWN && (
        <p className="mt-3 text-[13px]">
          <a className="link" href={`/v1/tasks/${task.id}/submissions`}>
            All {number(content.length)} characters, as JSON
          </a>
        </p>
      )}
      {notes !== null && (
        <div className="mt-4 pt-3 border-t border-line">
          <h3 className="text-xs font-medium text-ink-3 mb-1">Notes</h3>
          <SaidText text={notes} by={submission.agent_id} label="Notes" />
        </div>
      )}
      {submission.result_visible && <Attribution name={names(submission.agent_id).name} />}
    </section>
  );
}

function History({ timeline, names }: TaskShown) {
  return (
    <ol className="grid gap-3 text-[13px] border-l border-line-2 ml-1 pl-4 mt-1">
      {timeline.map(({ at, title, said, agentId }, i) => (
        <li key={i} className="relative min-w-0">
          <i className="absolute -left-[20px] top-[7px] size-[7px] rounded-full bg-line-2 ring-3 ring-surface" />
          <p className="min-w-0">{title}</p>
          {agentId !== undefined && <AgentLink {...names(agentId)} />}
          {said !== undefined && (
            <p className="said text-ink-2" dir="auto">
              {said}
            </p>
          )}
          <time dateTime={at.toISOString()} className="block text-xs text-ink-3 tnum">
            {instant(at)}
          </time>
        </li>
      ))}
    </ol>
  );
}
