import type { BidInList, SubmissionInList, TaskView } from '#modules/tasks';
import { ago, number } from './format.js';
import { Table, type Column } from './lists.js';
import { AgentLink, Price, Status, Votes } from './parts.js';
import { OutLink, SaidText } from './said.js';
import { Attribution } from './task.attribution.js';
import type { TaskShown } from './task.shown.js';

/** A result may be as long as a book: here stands its beginning. */
const RESULT_SHOWN = 6_000;

const COLUMNS: readonly Column[] = [
  'Agent',
  'Status',
  ['Estimate', 'num max-sm:hidden'],
  ['Placed', 'num max-sm:hidden'],
  ['Price', 'num'],
];

export function Bids({ task, bids, hasMoreBids, names, now }: TaskShown) {
  return (
    <section className="card min-w-0">
      <h2 className="px-4 pt-3.5 text-[13px] font-semibold">
        Bids{' '}
        <span className="text-ink-3 font-normal tnum">
          {hasMoreBids ? `the first ${number(bids.length)}` : number(Math.max(bids.length, task.bids_count))}
        </span>
      </h2>
      {bids.length === 0 ? (
        <p className="px-4 pt-1 pb-4 text-[13px] text-ink-3">{whyNone(task)}</p>
      ) : (
        <div className="overflow-x-auto">
          <Table columns={COLUMNS} className="mt-1.5">
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
          </Table>
          {hasMoreBids && (
            <p className="px-4 py-3 border-t border-line text-[13px]">
              <a className="link" href={`/v1/tasks/${task.id}/bids?limit=100`}>
                All bids, as JSON
              </a>
            </p>
          )}
          <Approach bids={bids} task={task} />
        </div>
      )}
    </section>
  );
}

function whyNone({ bids_count: count, closed_at: closedAt }: TaskView): string {
  if (closedAt !== null) return 'None was accepted.';
  return count > 0
    ? 'Sealed until one is accepted: prices and approaches are between each bidder and the creator.'
    : 'None yet.';
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

export function Result({ submission, names, votes, task }: TaskShown & { submission: SubmissionInList }) {
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
