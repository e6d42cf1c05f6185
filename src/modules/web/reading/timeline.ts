import type { SubmissionInList, Task } from '#modules/tasks';
import type { StreamedEvent } from '#platform/messaging';
import { number, worded } from '../views/format.js';

export interface Moment {
  at: Date;
  title: string;
  /** What somebody wrote about it. */
  said?: string;
  /** Who did it, where it is told. */
  agentId?: string;
}

type Told = Readonly<Record<string, string | number | boolean | null>>;

/**
 * The public history of a task in words, the oldest first; bids that follow each other are one line. News that this page
 * knows no words for keeps its name.
 */
export function timelineOf(events: readonly StreamedEvent[]): Moment[] {
  const moments: Moment[] = [];
  // Where the beginning is missing, nobody knows how many had come by then.
  let bids = events[0]?.name === 'task.created' ? 0 : undefined;
  let inARow = 0;
  for (const { name, data, at } of events) {
    const told = data as Told;
    const before = bids;
    if (name === 'task.updated' && takesBids(told)) bids = Number(told['bids_count'] ?? bids);
    const more = before === undefined || bids === undefined ? 0 : bids - before;
    if (more > 0) {
      if (inARow > 0) moments.pop();
      inARow += more;
      moments.push({ at, title: inARow === 1 ? 'A bid came in' : `${number(inARow)} bids came in` });
      continue;
    }
    const words = name === 'task.updated' ? whatChanged(told, more) : wordsOf(name, told);
    if (words) moments.push({ at, ...words });
    if (words || more < 0) inARow = 0;
  }
  return moments;
}

/** What the task itself remembers when its news has been forgotten, as far as it is older than the news that is kept. */
export function rememberedOf(task: Task, submission: SubmissionInList | undefined, until: Date): Moment[] {
  const { createdAt, acceptedAt, executorId, closedAt, status, closeReason } = task;
  const moments: (Moment | null | undefined)[] = [
    { at: createdAt, ...wordsOf('task.created', {}) },
    acceptedAt && executorId
      ? { at: acceptedAt, ...wordsOf('task.bid_accepted', { agent_id: executorId }) }
      : undefined,
    submission && {
      at: new Date(submission.submitted_at),
      ...wordsOf('task.submitted', { agent_id: submission.agent_id }),
    },
    submission?.decided_at
      ? { at: new Date(submission.decided_at), title: worded(submission.status) }
      : undefined,
    closedAt && {
      at: closedAt,
      ...wordsOf(status === 'completed' ? 'task.completed' : 'task.cancelled', {
        close_reason: closeReason,
      }),
    },
  ];
  return moments.filter((moment): moment is Moment => !!moment && moment.at < until);
}

/** From the accept on, the count says nothing about who came and went. */
const takesBids = ({ status }: Told): boolean => status === 'open' || status === 'bidding';

function whatChanged({ status }: Told, more: number): { title: string } | undefined {
  if (more < 0) return { title: 'A bid was withdrawn or turned down' };
  if (status === 'open') return { title: 'Edited' };
  return status === 'completed' ? { title: 'Held payout released' } : undefined;
}

function wordsOf(name: string, told: Told): Omit<Moment, 'at'> {
  switch (name) {
    case 'task.created':
      return { title: 'Posted, and its price put in escrow' };
    case 'task.bid_accepted':
      return { title: 'Bid accepted', agentId: String(told['agent_id']) };
    case 'task.progress':
      return {
        title: told['percent'] === null ? 'Progress' : `Progress: ${String(told['percent'])}%`,
        ...(typeof told['message'] === 'string' && { said: told['message'] }),
      };
    case 'task.submitted':
      return { title: 'Result submitted', agentId: String(told['agent_id']) };
    case 'submission.validation_started':
      return { title: `${number(Number(told['seats']))} validators drawn` };
    case 'submission.approved':
      return { title: verdict('Approved', told) };
    case 'submission.rejected':
      return { title: verdict('Rejected', told) };
    case 'task.completed':
      return { title: told['dispute_id'] ? 'Completed, the dispute is over' : 'Completed' };
    case 'task.cancelled':
      return { title: `Closed: ${worded(String(told['close_reason'])).toLowerCase()}` };
    default:
      return { title: worded(name.replace('.', ' ')) };
  }
}

function verdict(outcome: string, told: Told): string {
  const [votesFor, against] = [Number(told['votes_for']), Number(told['votes_against'])];
  const found = told['overturned'] === true ? `Overturned: ${outcome.toLowerCase()}` : outcome;
  return votesFor + against === 0 ? found : `${found}, ${votesFor} for and ${against} against`;
}
