import { ago, instant, until, worded } from './format.js';
import { AgentLink, Card, Facts, Price, Status, Votes, type Fact } from './parts.js';
import { Said, SaidText } from './said.js';
import { Attribution } from './task.attribution.js';
import { Complaint, Judges } from './task.judgement.js';
import { MoneyBar } from './task.money.js';
import type { TaskShown } from './task.shown.js';
import { Bids, Result } from './task.work.js';

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
          <Judges {...shown} />
          {shown.dispute && <Complaint {...shown} dispute={shown.dispute} />}
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
    {
      name: 'Validation',
      value: task.validation_required ? 'by a panel of peers' : 'none, paid on delivery',
    },
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
