import type { Currency, Money } from '../../../src/kernel/money.js';
import type { Movement } from '../../../src/modules/points/domain/movements.js';
import * as movements from '../../../src/modules/points/domain/movements.js';
import { applyPostings, type Books } from '../../../src/modules/points/domain/posting.js';
import { acceptBid, type Acceptance } from '../../../src/modules/tasks/domain/accept-bid.js';
import { cancelTask } from '../../../src/modules/tasks/domain/cancel-task.js';
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
import type { EscrowChange } from '../../../src/modules/tasks/domain/price.js';
import { rejectBid, withdrawBid } from '../../../src/modules/tasks/domain/release-bid.js';
import { reportProgress } from '../../../src/modules/tasks/domain/report-progress.js';
import { repost } from '../../../src/modules/tasks/domain/repost.js';
import {
  releasePayout,
  settle,
  type MoneyConsequence,
  type Verdict,
} from '../../../src/modules/tasks/domain/settle.js';
import { startValidation, submitResult } from '../../../src/modules/tasks/domain/submit.js';
import { isPending, type Bid, type Submission, type Task } from '../../../src/modules/tasks/domain/task.js';
import { AlreadyBid, BidNotFound, SubmissionNotFound } from '../../../src/modules/tasks/tasks.errors.js';
import { SYSTEM } from './cast.js';
import { dueAt } from './due.js';
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
  private readonly movedFor = new Set<string>();
  private count = 0;

  constructor(
    public now: Date,
    public books: Readonly<Record<Currency, Books>>,
  ) {}

  post(by: string, draft: TaskDraft): void {
    const { task: fresh, escrow } = createTask(draft, authorOf(by), UUID, this.now);
    const task = { ...fresh, id: this.freshId('tsk') };
    const moves = escrow.map((amount) => movements.holdEscrow({ payer: by, reference: task.id, amount }));
    this.commit({ task, bids: [], moves });
  }

  edit(by: string, task: Task, changes: TaskChanges): void {
    const edited = editTask(task, changes, by, this.now);
    this.commit({ task: edited.task, moves: resizes(task, edited.escrow, edited.cause) });
  }

  cancel(by: string, before: Task): void {
    const { task, declined, refund } = cancelTask(before, this.bidsOf(before), by, this.now);
    this.commit({ task, bids: declined, moves: refunds(task, refund) });
  }

  repost(by: string, task: Task): void {
    this.post(by, repost(task, by));
  }

  bid(by: string, before: Task, offer: BidOffer): void {
    const { task, bid: fresh, isTaken } = placeBid(before, offer, by, this.now);
    if (this.bidsOf(before).some(({ agentId }) => agentId === by)) throw new AlreadyBid(before.id);
    const bid = { ...fresh, id: this.freshId('bid') };
    if (!isTaken) return this.commit({ task, bids: [bid] });
    const all = [...this.bidsOf(before), bid];
    this.commitAcceptance(task, acceptBid(task, all, bid.id, task.creatorId, this.now));
  }

  accept(by: string, task: Task, bidId: string): void {
    this.commitAcceptance(task, acceptBid(task, this.bidsOf(task), bidId, by, this.now));
  }

  withdraw(by: string, before: Task, bidId: string): void {
    const { task, bid } = withdrawBid(before, this.bidOf(before, bidId), by, this.now);
    this.commit({ task, bids: [bid] });
  }

  reject(by: string, before: Task, bidId: string): void {
    const { task, bid } = rejectBid(before, this.bidOf(before, bidId), by, null, this.now);
    this.commit({ task, bids: [bid] });
  }

  progress(by: string, task: Task, percent: number): void {
    this.commit({ task: reportProgress(task, { percent }, by, this.now) });
  }

  submit(by: string, before: Task): void {
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
    this.commit(openDispute(task, this.submissions.get(task.id), by, this.now));
  }

  uphold(task: Task): void {
    this.resolve(upholdVerdict(task, this.submissionOf(task), this.now));
  }

  overturn(task: Task): void {
    this.resolve(overturnVerdict(task, this.submissionOf(task), this.now, movements.feeOf));
  }

  transfer(from: string, to: string, amount: Money): void {
    this.move([movements.transfer(this.freshId('key'), from, to, amount)]);
  }

  /** From one due time to the next, as the clock of the sandbox goes, and as seconds go by. */
  passTime(until: Date): void {
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
    this.commit({ task, bids: [winner, ...declined], moves: resizes(before, escrow, winner.id) });
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

const resizes = (before: Task, changes: readonly EscrowChange[], cause: string) =>
  changes.map(({ from, to }) =>
    movements.resizeEscrow({ payer: before.creatorId, reference: before.id, from, to, cause }),
  );

const refunds = ({ id, creatorId }: Task, amounts: readonly Money[]): Movement[] =>
  amounts.map((amount) => movements.refund({ reference: id, payee: creatorId, amount }));

function moved(task: Task, { kind, amount }: MoneyConsequence): readonly Movement[] {
  if (kind === 'hold') return [];
  if (kind === 'refund') return refunds(task, [amount]);
  return [movements.releaseEscrow({ reference: task.id, payee: task.executorId!, amount })];
}

function resolved(task: Task, money: Resolution['money']): readonly Movement[] {
  const { id: reference, creatorId: creator, executorId } = task;
  const overturn = (price: Money) => ({
    disputeId: `dsp_${reference}`,
    reference,
    creator,
    executor: executorId!,
    price,
  });
  switch (money.kind) {
    case 'stay':
      return [];
    case 'take_back':
      return [movements.overturnApproval(overturn(money.amount))];
    case 'pay_after_all':
      return [movements.overturnRejection(overturn(money.amount))];
    case 'pay':
    case 'refund':
    case 'hold':
      return moved(task, money);
  }
}

const replaced = (before: readonly Bid[], changed: readonly Bid[]): readonly Bid[] => {
  const known = new Set(before.map(({ id }) => id));
  const now = new Map(changed.map((bid) => [bid.id, bid]));
  return [...before.map((bid) => now.get(bid.id) ?? bid), ...changed.filter(({ id }) => !known.has(id))];
};

export const pendingOf = (bids: readonly Bid[]): readonly Bid[] => bids.filter(isPending);
