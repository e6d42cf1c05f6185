import type { StreamedEvent } from '../../../kernel/events/event-streams.js';
import { number, worded } from '../views/format.js';

export interface Moment {
  at: Date;
  title: string;
  /** What somebody wrote about it. */
  said?: string;
  /** Who did it, where it is told. */
  agentId?: string;
}

type Told = Readonly<Record<string, string | number | null>>;

/** The public history of a task in words, the oldest first. News that this page knows no words for keeps its name. */
export function timelineOf(events: readonly StreamedEvent[]): Moment[] {
  let bids = 0;
  return events.flatMap(({ name, data, at }) => {
    const told = data as Told;
    if (name !== 'task.updated') return [{ at, ...wordsOf(name, told) }];
    const now = Number(told['bids_count'] ?? bids);
    const title = whatChanged(told, now - bids);
    bids = now;
    return title === undefined ? [] : [{ at, title }];
  });
}

function whatChanged({ status }: Told, more: number): string | undefined {
  if (more > 0) return more === 1 ? 'A bid came in' : `${more} bids came in`;
  if (more < 0) return 'A bid was withdrawn or turned down';
  if (status === 'open') return 'Edited';
  return status === 'completed' ? 'Held payout released' : undefined;
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
  return votesFor + against === 0 ? outcome : `${outcome}, ${votesFor} for and ${against} against`;
}
