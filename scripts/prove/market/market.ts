import { AgentSuspended } from '#kernel/errors/kernel.errors';
import { SYSTEM_AGENT_ID } from '#kernel/ids';
import type { Currency, Money } from '#kernel/money';
import { feeOf, transfer, type Movement, applyPostings, type Books } from '#modules/points';
import {
  acceptBid,
  cancelByOperator,
  cancelOfSuspended,
  cancelTask,
  type Board,
  type Change,
  createTask,
  type TaskDraft,
  openDispute,
  overturnVerdict,
  upholdVerdict,
  type Ruling,
  editTask,
  type TaskChanges,
  expire,
  warned,
  placeBid,
  type BidOffer,
  rejectBid,
  withdrawBid,
  reportProgress,
  repost,
  releasePayout,
  settle,
  startValidation,
  submitResult,
  isPending,
  type Bid,
  type Submission,
  type Task,
  type Work,
  type Votes,
  movementsOf,
  AlreadyBid,
  BidderSuspended,
  CreatorSuspended,
  SubmissionNotFound,
} from '#modules/tasks';
import { dueAt } from './due.js';
import { Violation } from './violation.js';

/**
 * The marketplace without Nest, HTTP or SQL: the product's own acts decide, and the oracle of the ledger keeps the books.
 * Its clock is set from outside, its ids count.
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
    const author = { id: by, isPlatform: by === SYSTEM_AGENT_ID };
    const ids = { id: this.freshId('tsk'), a2aTaskId: UUID };
    this.commit(createTask(draft, author, ids, this.now));
  }

  edit(by: string, task: Task, changes: TaskChanges): void {
    this.refuseSuspended(by);
    this.act(task, (board, at) => editTask(board, changes, by, at));
  }

  cancel(by: string, task: Task): void {
    this.refuseSuspended(by);
    const isExecutorSuspended = this.suspended.has(task.executorId ?? '');
    this.act(task, (board, at) => cancelTask(board, by, at, isExecutorSuspended));
  }

  cancelByOperator(task: Task): void {
    this.act(task, cancelByOperator);
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
      if (task.creatorId === agent) this.act(task, cancelOfSuspended);
      const pending = pendingOf(this.bidsOf(task)).find(({ agentId }) => agentId === agent);
      if (pending) this.act(task, (board, at) => withdrawBid(board, pending.id, agent, at));
    }
  }

  repost(by: string, task: Task): void {
    this.post(by, repost(task, by));
  }

  /** That an agent bids once is the table's to know, so that the act itself does not ask. */
  bid(by: string, task: Task, offer: BidOffer): void {
    this.refuseSuspended(by);
    const bidId = this.freshId('bid');
    this.act(task, (board, at) => {
      const change = placeBid(board, bidId, offer, by, at);
      if (board.bids.some(({ agentId }) => agentId === by)) throw new AlreadyBid(task.id);
      return change;
    });
  }

  accept(by: string, task: Task, bidId: string): void {
    this.refuseSuspended(by);
    this.act(task, (board, at) => acceptBid(board, bidId, by, at));
  }

  withdraw(by: string, task: Task, bidId: string): void {
    this.refuseSuspended(by);
    this.act(task, (board, at) => withdrawBid(board, bidId, by, at));
  }

  reject(by: string, task: Task, bidId: string): void {
    this.refuseSuspended(by);
    this.act(task, (board, at) => rejectBid(board, bidId, by, null, at));
  }

  progress(by: string, task: Task, percent: number): void {
    this.refuseSuspended(by);
    this.act(task, (board, at) => reportProgress(board, { percent }, by, at));
  }

  submit(by: string, task: Task): void {
    this.refuseSuspended(by);
    const result = { ...RESULT, id: this.freshId('sub') };
    this.act(task, (board, at) => submitResult(board, result, by, at, feeOf));
  }

  startValidation(task: Task): void {
    this.act(task, (board, at) => startValidation(workOf(board), { seats: 3, deadline: at }, at));
  }

  settle(task: Task, verdict: 'approved' | 'rejected'): void {
    this.act(task, (board, at) => settle(workOf(board), verdict, VOTES, at, feeOf));
  }

  dispute(by: string, task: Task): void {
    this.refuseSuspended(by);
    this.act(task, (board, at) => openDispute(board, by, at));
  }

  uphold(task: Task): void {
    this.act(task, (board, at) => upholdVerdict(board, rulingOn(task), at));
  }

  overturn(task: Task): void {
    this.act(task, (board, at) => overturnVerdict(board, rulingOn(task), at, feeOf));
  }

  transfer(from: string, to: string, amount: Money): void {
    this.refuseSuspended(from);
    this.move([transfer(this.freshId('key'), from, to, amount)]);
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
      for (const act of [warned, expire, releasePayout]) this.act(this.tasks.get(id)!, act);
      const again = dueAt(this.tasks.get(id)!, this.now);
      if (again && again <= this.now) throw new Violation(`${id} is due for ever.`);
    }
  }

  private act(task: Task, decide: (board: Board, at: Date) => Change | undefined): void {
    const board = { task, bids: this.bidsOf(task), submission: this.submissions.get(task.id) };
    const change = decide(board, this.now);
    if (change) this.commit(change);
  }

  private refuseSuspended(by: string): void {
    if (this.suspended.has(by)) throw new AgentSuspended();
  }

  /** As where it is committed: an accept locks its parties, and finds out who is suspended. */
  private refuseAccept({ id, creatorId }: Task, winner: Bid): void {
    if (this.suspended.has(winner.agentId)) throw new BidderSuspended(winner.id);
    if (this.suspended.has(creatorId)) throw new CreatorSuspended(id);
  }

  /** The money first: when it cannot move, nothing has happened. */
  private commit({ task, bids = [], submission, money = [] }: Change): void {
    const winner = bids.find(({ id, status }) => id === task.acceptedBidId && status === 'accepted');
    if (winner) this.refuseAccept(task, winner);
    this.move(movementsOf(task, money));
    this.tasks.set(task.id, task);
    this.bids.set(task.id, replaced(this.bidsOf(task), bids));
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

  private freshId(prefix: string): string {
    return `${prefix}_${String(++this.count).padStart(8, '0')}`;
  }
}

const UUID = '550e8400-e29b-41d4-a716-446655440000';
const RESULT = { resultUrl: null, resultContent: 'Done', notes: null, digest: 'd'.repeat(64) };

function workOf({ task, submission }: Board): Work {
  if (!submission) throw new SubmissionNotFound(task.id);
  return { task, submission };
}

const VOTES: Votes = { decidedBy: 'panel', votesFor: 2, votesAgainst: 1, ratings: [] };
const rulingOn = ({ id }: Task): Ruling => ({
  ...VOTES,
  disputeId: `dsp_${id}`,
  decidedBy: 'panel',
  contested: 'panel',
});

const replaced = (before: readonly Bid[], changed: readonly Bid[]): readonly Bid[] => {
  const known = new Set(before.map(({ id }) => id));
  const now = new Map(changed.map((bid) => [bid.id, bid]));
  return [...before.map((bid) => now.get(bid.id) ?? bid), ...changed.filter(({ id }) => !known.has(id))];
};

export const pendingOf = (bids: readonly Bid[]): readonly Bid[] => bids.filter(isPending);
