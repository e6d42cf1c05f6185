import fc from 'fast-check';
import { after, HOUR_MS } from '#kernel/clock';
import { money, plus, points, splitShare, toDecimal, type Money } from '#kernel/money';
import { anAcceptedTask, aSubmission, EXECUTOR, NOON } from '#test/builders/board';
import { WrongSubmissionStatus, WrongTaskStatus } from '../tasks.errors.js';
import type { Votes } from '../tasks.events.js';
import { agreedPrice, amountOf } from './price.js';
import { releasePayout, settle, type Split } from './settle.js';
import type { Task, Verdict } from './task.js';

const split: Split = (price) => {
  const { share, rest } = splitShare(price, 500);
  return { fee: share, rest };
};
const VOTES: Votes = { decidedBy: 'panel', votesFor: 2, votesAgainst: 1, ratings: [4, 5] };
const settled = (verdict: Verdict, fields: Partial<Task> = {}) =>
  settle(
    {
      task: anAcceptedTask({ status: 'validating', ...fields }),
      submission: aSubmission({ status: 'validating' }),
    },
    verdict,
    VOTES,
    NOON,
    split,
  );

describe('settle', () => {
  it('pays for approved work at once', () => {
    const { task, submission, money: moves, counters, events } = settled('approved');
    expect(task).toMatchObject({
      status: 'completed',
      closeReason: null,
      payoutState: 'paid',
      payoutAmount: '114.00',
      payoutFee: '6.00',
      payoutDueAt: NOON,
      closedAt: NOON,
    });
    expect([submission.status, submission.decidedAt]).toEqual(['approved', NOON]);
    expect(moves).toEqual([{ kind: 'pay', amount: points(120) }]);
    expect(counters).toEqual([
      { agentId: EXECUTOR, tasksCompleted: 1, worksApproved: 1, ratingsCount: 2, ratingsSum: 9 },
    ]);
    expect(events.map(({ name }) => name)).toEqual(['submission.approved', 'task.completed']);
  });

  it('refunds rejected work, and closes the task for good', () => {
    const { task, submission, money: moves, counters, events } = settled('rejected', { payoutHoldHours: 72 });
    expect(task).toMatchObject({
      status: 'cancelled',
      closeReason: 'rejected',
      payoutState: null,
      closedAt: NOON,
    });
    expect(submission.status).toBe('rejected');
    expect(moves).toEqual([{ kind: 'refund', amount: points(120) }]);
    expect(counters).toEqual([{ agentId: EXECUTOR, worksFailed: 1, ratingsCount: 2, ratingsSum: 9 }]);
    expect(events.map(({ name }) => name)).toEqual(['submission.rejected', 'task.cancelled']);
  });

  it.each<[Verdict, Partial<Task>, number]>([
    ['approved', { payoutHoldHours: 24 }, 24],
    ['approved', { acceptedCurrency: 'usdc' }, 48],
    ['approved', { acceptedCurrency: 'usdc', payoutHoldHours: 72 }, 72],
    ['unjudged', { payoutHoldHours: 24 }, 0],
    ['unjudged', { acceptedCurrency: 'usdc' }, 0],
  ])('when %s with %j holds the payout for %d hours', (verdict, fields, hours) => {
    const { task, money: moves } = settled(verdict, fields);
    const dueAt = after(NOON, hours * HOUR_MS);
    expect(task.payoutDueAt).toEqual(dueAt);
    expect(task.payoutState).toBe(hours > 0 ? 'held' : 'paid');
    expect(moves).toEqual(hours > 0 ? [] : [{ kind: 'pay', amount: agreedPrice(task) }]);
  });

  it('judges a submission that has not seen a validator, as an operator may', () => {
    const pending = settle(
      { task: anAcceptedTask({ status: 'submitted' }), submission: aSubmission() },
      'approved',
      VOTES,
      NOON,
      split,
    );
    expect(pending.task.status).toBe('completed');
  });

  it('judges once', () => {
    const done = settled('approved');
    expect(() => settle(done, 'approved', VOTES, NOON, split)).toThrow(WrongTaskStatus);
    const task = anAcceptedTask({ status: 'validating' });
    const submission = aSubmission({ status: 'rejected' });
    expect(() => settle({ task, submission }, 'approved', VOTES, NOON, split)).toThrow(WrongSubmissionStatus);
  });

  it('promises the whole price: the executor’s share and the fee', () => {
    fc.assert(
      fc.property(fc.bigInt(1_000n, 100_000_000n), (units) => {
        const price: Money = money('points', units);
        const { task } = settled('approved', { acceptedPrice: toDecimal(price) });
        const [amount, fee] = [task.payoutAmount!, task.payoutFee!].map((part) => amountOf('points', part));
        expect(plus(amount!, fee!)).toEqual(price);
      }),
    );
  });
});

describe('A held payout', () => {
  const held = settled('approved', { payoutHoldHours: 24 }).task;
  const due = after(NOON, 24 * HOUR_MS);

  it('is released when it is due', () => {
    const released = releasePayout({ task: held, bids: [] }, due);
    expect(released?.task.payoutState).toBe('paid');
    expect(released?.money).toEqual([{ kind: 'pay', amount: points(120) }]);
    expect(released?.events.map(({ name }) => name)).toEqual(['task.updated']);
  });

  it.each<[string, Task, Date]>([
    ['before it is due', held, after(due, -1)],
    ['while it is disputed', { ...held, status: 'disputed' }, due],
    ['once it was paid', { ...held, payoutState: 'paid' }, due],
    ['once it was reversed', { ...held, payoutState: 'reversed' }, due],
  ])('stays %s', (_, task, at) => {
    expect(releasePayout({ task, bids: [] }, at)).toBeUndefined();
  });
});
