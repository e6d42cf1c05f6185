import fc from 'fast-check';
import { after, HOUR_MS } from '../../../kernel/clock.js';
import { money, plus, points, splitShare, toDecimal, type Money } from '../../../kernel/money.js';
import { anAcceptedTask, aSubmission, NOON } from '../../../../test/builders/board.js';
import { WrongSubmissionStatus, WrongTaskStatus } from '../tasks.errors.js';
import { amountOf } from './price.js';
import { releasePayout, settle, type Split, type Verdict } from './settle.js';
import type { Task } from './task.js';

const split: Split = (price) => {
  const { share, rest } = splitShare(price, 500);
  return { fee: share, rest };
};
const settled = (verdict: Verdict, fields: Partial<Task> = {}) =>
  settle(
    anAcceptedTask({ status: 'validating', ...fields }),
    aSubmission({ status: 'validating' }),
    verdict,
    NOON,
    split,
  );

describe('settle', () => {
  it('pays for approved work at once', () => {
    const { task, submission, money: consequence } = settled('approved');
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
    expect(consequence).toEqual({ kind: 'pay', amount: points(120) });
  });

  it('refunds rejected work, and closes the task for good', () => {
    const { task, submission, money: consequence } = settled('rejected', { payoutHoldHours: 72 });
    expect(task).toMatchObject({
      status: 'cancelled',
      closeReason: 'rejected',
      payoutState: null,
      closedAt: NOON,
    });
    expect(submission.status).toBe('rejected');
    expect(consequence).toEqual({ kind: 'refund', amount: points(120) });
  });

  it.each<[Verdict, Partial<Task>, number]>([
    ['approved', { payoutHoldHours: 24 }, 24],
    ['approved', { acceptedCurrency: 'usdc' }, 48],
    ['approved', { acceptedCurrency: 'usdc', payoutHoldHours: 72 }, 72],
    ['unjudged', { payoutHoldHours: 24 }, 0],
    ['unjudged', { acceptedCurrency: 'usdc' }, 0],
  ])('when %s with %j holds the payout for %d hours', (verdict, fields, hours) => {
    const { task, money: consequence } = settled(verdict, fields);
    const dueAt = after(NOON, hours * HOUR_MS);
    expect(task.payoutDueAt).toEqual(dueAt);
    expect(task.payoutState).toBe(hours > 0 ? 'held' : 'paid');
    expect(consequence).toMatchObject(hours > 0 ? { kind: 'hold', dueAt } : { kind: 'pay' });
  });

  it('judges a submission that has not seen a validator, as an operator may', () => {
    const pending = settle(anAcceptedTask({ status: 'submitted' }), aSubmission(), 'approved', NOON, split);
    expect(pending.task.status).toBe('completed');
  });

  it('judges once', () => {
    const done = settled('approved');
    expect(() => settle(done.task, done.submission, 'approved', NOON, split)).toThrow(WrongTaskStatus);
    const task = anAcceptedTask({ status: 'validating' });
    expect(() => settle(task, aSubmission({ status: 'rejected' }), 'approved', NOON, split)).toThrow(
      WrongSubmissionStatus,
    );
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
    const released = releasePayout(held, due);
    expect(released?.task.payoutState).toBe('paid');
    expect(released?.amount).toEqual(points(120));
  });

  it.each<[string, Task, Date]>([
    ['before it is due', held, after(due, -1)],
    ['while it is disputed', { ...held, status: 'disputed' }, due],
    ['once it was paid', { ...held, payoutState: 'paid' }, due],
    ['once it was reversed', { ...held, payoutState: 'reversed' }, due],
  ])('stays %s', (_, task, at) => {
    expect(releasePayout(task, at)).toBeUndefined();
  });
});
