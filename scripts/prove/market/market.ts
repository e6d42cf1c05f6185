import { AgentSuspended } from '../../../src/kernel/errors/kernel.errors.js';
import type { Currency, Money } from '../../../src/kernel/money.js';
import type { Movement } from '../../../src/modules/points/domain/movements.js';
import * as movements from '../../../src/modules/points/domain/movements.js';
import { applyPostings, type Books } from '../../../src/modules/points/domain/posting.js';
import { acceptBid, type Acceptance } from '../../../src/modules/tasks/domain/accept-bid.js';
import {
  cancelByOperator,
  cancelOfSuspended,
  cancelTask,
  type Cancellation,
} from '../../../src/modules/tasks/domain/cancel-task.js';
import { createTask, type TaskDraft } from '../../../src/modules/tasks/domain/create-task.js';
import {
  openDispute,
  overturnVerdict,
  upholdVerdict,
  type Resolution,
} from '../../../src/modules/tasks/domain/dispute.js';
import { editTask, type TaskChanges } from '../../../src/modules/tasks/domain/edit-task.js';
import { expire, warned } from '../../../src/modules/tasks/domain/expire.js';
import { placeBid, type BidOffer } from '../../../src/modules/tasks/domain/place-bid.js';
import { rejectBid, withdrawBid } from '../../../src/modules/tasks/domain/release-bid.js';
import { reportProgress } from '../../../src/modules/tasks/domain/report-progress.js';
import { repost } from '../../../src/modules/tasks/domain/repost.js';
import { releasePayout, settle, type Verdict } from '../../../src/modules/tasks/domain/settle.js';
import { startValidation, submitResult } from '../../../src/modules/tasks/domain/submit.js';
import { isPending, type Bid, type Submission, type Task } from '../../../src/modules/tasks/domain/task.js';
import { AlreadyBid } from '../../../src/modules/tasks/bid.errors.js';
import { BidNotFound, SubmissionNotFound } from '../../../src/modules/tasks/tasks.errors.js';
import { BidderSuspended, CreatorSuspended } from '../../../src/modules/tasks/suspension.errors.js';
import { SYSTEM } from './cast.js';
import { dueAt } from './due.js';
import { moved, refunds, resizes, resolved } from './money.js';
import { Violation } from './violation.js';

/** All that one act changes: it happens as one, or not at all. */
interface Change {
  task: Task;
  bids?: readonly Bid[];
  submission?: Submission;
  moves?: readonly (Movement | undefined)[];
}

/**
 * The marketplace without Nest, HTTP or SQL: the same functions decide, in the order in which the services call them,
 * and the oracle of the ledger keeps the books. Its clock is set from outside, its ids count.
 */
export class Market {
  readonly tasks = new Map<string, Task>();
  readonly bids = new Map<string, readonly Bid[]>();
  readonly submissions = new Map<string, Submission>();
  readonly suspended = new Set<string>();
  /** Whose suspension has not been heard of yet. */
  readonly unheard = new Set<string>();
  private readonly movedFor = new Set<string>();
  private count = 0;

  constructor(
    public now: Date,
    public books: Readonly<Record<Currency, Books>>,
  ) {}

  post(by: string, draft: TaskDraft): void {
    this.refuseSuspended(by);
    const { task: fresh, escrow } = createTask(draft, authorOf(by), UUID, this.now);
    const task = { ...fresh, id: this.freshId('tsk') };
    const moves = escrow.map((amount) => movements.holdEscrow({ payer: by, reference: task.id, amount }));
    this.commit({ task, bids: [], moves });
  }

  edit(by: string, task: Task, changes: TaskChanges): void {
    this.refuseSuspended(by);
    const edited = editTask(task, changes, by, this.now);
    if (!edited) return;
    this.commit({ task: edited.task, moves: resizes(task, edited.escrow, edited.cause) });
  }

  cancel(by: string, task: Task): void {
    this.refuseSuspended(by);
    const isExecutorSuspended = this.suspended.has(task.executorId ?? '');
    this.close(cancelTask(task, this.bidsOf(task), by, this.now, isExecutorSuspended));
  }

  cancelByOperator(task: Task): void {
    this.close(cancelByOperator(task, this.bidsOf(task), this.now));
  }

  suspend(agent: string): void {
    this.suspended.add(agent);
    this.unheard.add(agent);
  }

  reinstate(agent: string): void {
    this.suspended.delete(agent);
  }

  /** What the subscribers do some time after a suspension, unless it is over by then. */
  hearOfSuspensions(): void {
    for (const agent of this.unheard) if (this.suspended.has(agent)) this.closeWhatIsOpenOf(agent);
    this.unheard.clear();
  }

  private closeWhatIsOpenOf(agent: string): void {
    for (const task of this.tasks.values()) {
      const cancelled = task.creatorId === agent && cancelOfSuspended(task, this.bidsOf(task), this.now);
      if (cancelled) this.close(cancelled);
      const pending = pendingOf(this.bidsOf(task)).find(({ agentId }) => agentId === agent);
      if (!pending) continue;
      const withdrawn = withdrawBid(task, pending, agent, this.now);
      this.commit({ task: withdrawn.task, bids: [withdrawn.bid] });
    }
  }

  repost(by: string, task: Task): void {
    this.post(by, repost(task, by));
  }

  bid(by: string, before: Task, offer: BidOffer): void {
    this.refuseSuspended(by);
    const { task, bid: fresh, isTaken } = placeBid(before, offer, by, this.now);
    if (this.bidsOf(before).some(({ agentId }) => agentId === by)) throw new AlreadyBid(before.id);
    const bid = { ...fresh, id: this.freshId('bid') };
    if (!isTaken) return this.commit({ task, bids: [bid] });
    const all = [...this.bidsOf(before), bid];
    this.commitAcceptance(task, acceptBid(task, all, bid.id, task.creatorId, this.now));
  }

  accept(by: string, task: Task, bidId: string): void {
    this.refuseSuspended(by);
    this.commitAcceptance(task, acceptBid(task, this.bidsOf(task), bidId, by, this.now));
  }

  withdraw(by: string, before: Task, bidId: string): void {
    this.refuseSuspended(by);
    const { task, bid } = withdrawBid(before, this.bidOf(before, bidId), by, this.now);
    this.commit({ task, bids: [bid] });
  }

  reject(by: string, before: Task, bidId: string): void {
    this.refuseSuspended(by);
    const { task, bid } = rejectBid(before, this.bidOf(before, bidId), by, null, this.now);
    this.commit({ task, bids: [bid] });
  }

  progress(by: string, task: Task, percent: number): void {
    this.refuseSuspended(by);
    this.commit({ task: reportProgress(task, { percent }, by, this.now) });
  }

  submit(by: string, before: Task): void {
    this.refuseSuspended(by);
    const handed = submitResult(before, RESULT, by, this.now);
    const submission = { ...handed.submission, id: this.freshId('sub') };
    if (handed.task.validationRequired) this.commit({ task: handed.task, submission });
    else this.conclude(handed.task, submission, 'unjudged');
  }

  startValidation(task: Task): void {
    this.commit(startValidation(task, this.submissionOf(task), this.now));
  }

  settle(task: Task, verdict: 'approved' | 'rejected'): void {
    this.conclude(task, this.submissionOf(task), verdict);
  }

  dispute(by: string, task: Task): void {
    this.refuseSuspended(by);
    this.commit(openDispute(task, this.submissions.get(task.id), by, this.now));
  }

  uphold(task: Task): void {
    this.resolve(upholdVerdict(task, this.submissionOf(task), this.now));
  }

  overturn(task: Task): void {
    this.resolve(overturnVerdict(task, this.submissionOf(task), this.now, movements.feeOf));
  }

  transfer(from: string, to: string, amount: Money): void {
    this.refuseSuspended(from);
    this.move([movements.transfer(this.freshId('key'), from, to, amount)]);
  }

  /** From one due time to the next, as the clock of the sandbox goes, and as seconds go by. */
  passTime(until: Date): void {
    this.hearOfSuspensions();
    for (;;) {
      const next = [...this.tasks.values()]
        .map((task) => dueAt(task, this.now))
        .reduce((soonest, due) => (due && (!soonest || due < soonest) ? due : soonest), undefined);
      if (!next || next > until) break;
      if (next > this.now) this.now = next;
      this.runDue();
    }
    this.now = until;
  }

  /** All of them, due or not: whoever looks for what is due may find that somebody has acted since. */
  private runDue(): void {
    for (const { id } of this.tasks.values()) {
      this.seeTo(id);
      const again = dueAt(this.tasks.get(id)!, this.now);
      if (again && again <= this.now) throw new Violation(`${id} is due for ever.`);
    }
  }

  private seeTo(id: string): void {
    const warning = warned(this.tasks.get(id)!, this.now);
    if (warning) this.commit({ task: warning.task });
    const task = this.tasks.get(id)!;
    const expired = expire(task, this.bidsOf(task), this.now);
    if (expired)
      this.commit({ task: expired.task, bids: expired.declined, moves: refunds(task, expired.refund) });
    const released = releasePayout(task, this.now);
    if (released)
      this.commit({ task: released.task, moves: moved(task, { kind: 'pay', amount: released.amount }) });
  }

  private commitAcceptance(before: Task, { task, winner, declined, escrow }: Acceptance): void {
    if (this.suspended.has(winner.agentId)) throw new BidderSuspended(winner.id);
    if (this.suspended.has(task.creatorId)) throw new CreatorSuspended(task.id);
    this.commit({ task, bids: [winner, ...declined], moves: resizes(before, escrow, winner.id) });
  }

  private close({ task, declined, refund }: Cancellation): void {
    this.commit({ task, bids: declined, moves: refunds(task, refund) });
  }

  private refuseSuspended(by: string): void {
    if (this.suspended.has(by)) throw new AgentSuspended();
  }

  private conclude(before: Task, handed: Submission, verdict: Verdict): void {
    const { task, submission, money } = settle(before, handed, verdict, this.now, movements.feeOf);
    this.commit({ task, submission, moves: moved(task, money) });
  }

  private resolve({ task, submission, money }: Resolution): void {
    this.commit({ task, submission, moves: resolved(task, money) });
  }

  /** The money first: when it cannot move, nothing has happened. */
  private commit({ task, bids = [], submission, moves = [] }: Change): void {
    this.move(moves.filter((movement) => movement !== undefined));
    this.tasks.set(task.id, task);
    if (bids.length > 0 || !this.bids.has(task.id)) this.bids.set(task.id, replaced(this.bidsOf(task), bids));
    if (submission) this.submissions.set(task.id, submission);
  }

  private move(wanted: readonly Movement[]): void {
    const books = { ...this.books };
    for (const { key, postings } of wanted) {
      if (this.movedFor.has(key)) throw new Violation(`Money has moved for ${key} already.`);
      if (postings.length === 0) continue;
      const { currency } = postings[0]!.amount;
      books[currency] = applyPostings(books[currency], postings);
    }
    this.books = books;
    for (const { key } of wanted) this.movedFor.add(key);
  }

  bidsOf({ id }: Task): readonly Bid[] {
    return this.bids.get(id) ?? [];
  }

  private bidOf(task: Task, bidId: string): Bid {
    const bid = this.bidsOf(task).find(({ id }) => id === bidId);
    if (!bid) throw new BidNotFound(bidId);
    return bid;
  }

  private submissionOf({ id }: Task): Submission {
    const submission = this.submissions.get(id);
    if (!submission) throw new SubmissionNotFound(id);
    return submission;
  }

  private freshId(prefix: string): string {
    return `${prefix}_${String(++this.count).padStart(8, '0')}`;
  }
}

const UUID = '550e8400-e29b-41d4-a716-446655440000';
const RESULT = { resultUrl: null, resultContent: 'Done', notes: null, digest: 'd'.repeat(64) };

const authorOf = (id: string) => ({ id, isPlatform: id === SYSTEM });

const replaced = (before: readonly Bid[], changed: readonly Bid[]): readonly Bid[] => {
  const known = new Set(before.map(({ id }) => id));
  const now = new Map(changed.map((bid) => [bid.id, bid]));
  return [...before.map((bid) => now.get(bid.id) ?? bid), ...changed.filter(({ id }) => !known.has(id))];
};

export const pendingOf = (bids: readonly Bid[]): readonly Bid[] => bids.filter(isPending);
