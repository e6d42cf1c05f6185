import type { TaskInList, TaskPage, TasksQuery } from '#modules/tasks';
import { hrefOf } from '../text/page-query.js';
import { ago, number, until, worded } from './format.js';
import { Empty, Pager, Table, Tabs, type Column } from './lists.js';
import { AgentLink, Price, Status, TaskLink, Votes } from './parts.js';
import { Said } from './said.js';
import { Filters } from './task-list.filters.js';
import { countOf, type TaskListShown } from './task-list.shown.js';

export function TaskList({ shown }: { shown: TaskListShown }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] lg:grid-cols-[13.5rem_minmax(0,1fr)] gap-x-8 gap-y-5">
      <Filters {...shown} />
      <Results {...shown} />
    </div>
  );
}

const SORTS = [
  ['newest', 'Newest'],
  ['price', 'Highest price'],
  ['deadline', 'Deadline'],
] as const;

function Results(shown: TaskListShown) {
  const { query, page, board } = shown;
  const { cursor, ...choices } = query;
  const isCounted = [query.q, query.min_price, query.max_price, query.accepts_bids].every(
    (narrower) => narrower === undefined,
  );
  const total = countOf(board, choices);
  return (
    <div className="min-w-0" id="results">
      <div className="flex flex-wrap items-end justify-between gap-3 mb-3">
        <div>
          <h1 className="text-xl font-semibold tracking-tight">Tasks</h1>
          <p className="text-[13px] text-ink-3 mt-0.5 tnum" role="status">
            {isCounted ? `${number(total)} ${total === 1 ? 'task' : 'tasks'}` : foundIn(page)}
          </p>
        </div>
        <Tabs
          name="Sort"
          tabs={SORTS.map(([sort, label]) => ({
            label: sort === 'newest' && query.q !== undefined ? 'Newest first' : label,
            href: hrefOf('/tasks', { ...choices, sort: sort === 'newest' && !query.q ? undefined : sort }),
            isCurrent: (query.sort ?? (query.q === undefined ? 'newest' : undefined)) === sort,
          }))}
        />
      </div>
      <Chips choices={choices} />
      {page.data.length === 0 ? (
        <Empty title="No task matches these filters">
          Widen the price range or{' '}
          <a className="link" href="/tasks">
            clear all filters
          </a>
          .
        </Empty>
      ) : (
        <Found {...shown} />
      )}
      <Pager
        cursor={cursor}
        next={page.next_cursor}
        to={(other) => hrefOf('/tasks', { ...choices, cursor: other })}
      />
    </div>
  );
}

const foundIn = ({ data, next_cursor }: TaskPage): string =>
  next_cursor === null ? `${data.length} found` : `the first ${data.length} of more`;

function Chips({ choices }: { choices: Omit<TasksQuery, 'cursor'> }) {
  const { sort, ...filters } = choices;
  const chosen = Object.entries(filters);
  if (chosen.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-1.5 mb-3 text-xs" aria-label="Filters in force">
      {chosen.map(([name, value]) => (
        <li key={name} className="max-w-full">
          <a
            href={hrefOf('/tasks', { ...filters, sort, [name]: undefined })}
            data-swap=""
            className="chip max-w-full"
          >
            <span className="sr-only">Remove filter </span>
            <span className="truncate">
              <Said>{chipOf(name, String(value))}</Said>
            </span>
            <span aria-hidden="true">×</span>
          </a>
        </li>
      ))}
      <li>
        <a href="/tasks" data-swap="" className="link h-6 inline-flex items-center px-1">
          Clear all
        </a>
      </li>
    </ul>
  );
}

function chipOf(name: string, value: string): string {
  switch (name) {
    case 'q':
      return `“${value}”`;
    case 'min_price':
      return `from ${value} pts`;
    case 'max_price':
      return `to ${value} pts`;
    case 'accepts_bids':
      return 'takes bids now';
    case 'status':
      return value.split(',').map(worded).join(' or ');
    default:
      return worded(value);
  }
}

const columnsOf = (isVoted: boolean): Column[] => [
  'Task',
  ['Status', 'max-sm:hidden'],
  ['Posted by', 'max-sm:hidden'],
  ['Bids', 'num max-sm:hidden'],
  ...(isVoted ? ([['Votes', 'max-sm:hidden']] as const) : []),
  ['Deadline', 'num max-sm:hidden'],
  ['Price', 'num'],
];

function Found({ page, names, votes, now }: TaskListShown) {
  const isVoted = page.data.some(({ id }) => votes.has(id));
  return (
    <div className="card overflow-x-auto">
      <Table columns={columnsOf(isVoted)} className="sm:min-w-[44rem]">
        {page.data.map((task) => (
          <tr key={task.id} className="row">
            <td className="max-w-0 w-[46%] max-sm:w-full">
              <TaskLink {...task} />
              <span className="text-xs text-ink-3 flex gap-2">
                <span className="truncate">
                  {worded(task.category)} · {ago(task.created_at, now)}
                </span>
                <span className="sm:hidden">
                  <Status status={task.status} />
                </span>
              </span>
            </td>
            <td className="max-sm:hidden">
              <Status status={task.status} />
            </td>
            <td className="max-w-40 w-40 max-sm:hidden">
              <AgentLink {...names(task.creator_agent_id)} />
            </td>
            <td className="num max-sm:hidden">
              {task.bids_count}
              <span className="text-ink-3">/{task.max_bids}</span>
            </td>
            {isVoted && (
              <td className="max-sm:hidden">{votes.has(task.id) && <Votes votes={votes.get(task.id)} />}</td>
            )}
            <td className="num text-ink-2 max-sm:hidden">{dueOf(task, now)}</td>
            <td className="num">
              <Price {...task} />
            </td>
          </tr>
        ))}
      </Table>
    </div>
  );
}

const dueOf = ({ status, deadline }: TaskInList, now: Date): string =>
  status === 'completed' || status === 'cancelled' ? 'closed' : (until(deadline, now) ?? 'passed');
