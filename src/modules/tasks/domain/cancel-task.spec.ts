import { after, HOUR_MS } from '#kernel/clock';
import { money, points } from '#kernel/money';
import { aBid, anAcceptedTask, aTask, CREATOR, EXECUTOR, NOON } from '#test/builders/board';
import { BidAccepted, NotTheCreator, TaskClosed, WrongTaskStatus } from '../tasks.errors.js';
import { cancelByOperator, cancelOfSuspended, cancelTask } from './cancel-task.js';
import { refundOf } from './change.js';
import { TASK_STATUSES, type Bid, type Task, type TaskStatus } from './task.js';

const later = after(NOON, HOUR_MS);
const cancel = (task: Task, bids: Bid[] = []) => cancelTask({ task, bids }, CREATOR, later);

describe('cancelTask', () => {
  it.each(['open', 'bidding'] as const)('ends a task that is %s and gives everything back', (status) => {
    const cancelled = cancel(aTask({ status, priceUsdc: '5.000000' }));
    expect(cancelled.task).toMatchObject({
      status: 'cancelled',
      closeReason: 'creator',
      closedAt: later,
      updatedAt: later,
    });
    expect(refundOf(cancelled)).toEqual([points(150), money('usdc', 5_000_000n)]);
  });

  it('turns down those who wait, and leaves the others', () => {
    const bids = [
      aBid({ id: 'bid_00000001' }),
      aBid({ id: 'bid_00000002', status: 'withdrawn' }),
      aBid({ id: 'bid_00000003' }),
    ];
    const { bids: declined } = cancel(aTask({ status: 'bidding', bidsCount: 2 }), bids);
    expect(declined?.map(({ id, status, decidedAt }) => [id, status, decidedAt])).toEqual([
      ['bid_00000001', 'rejected', later],
      ['bid_00000003', 'rejected', later],
    ]);
  });

  it.each(['in_progress', 'submitted', 'validating', 'completed', 'cancelled', 'disputed'] as const)(
    'refuses once a bid was accepted, also when %s',
    (status) => {
      expect(() => cancel(anAcceptedTask({ status }))).toThrow(BidAccepted);
    },
  );

  it('refuses a second time, and strangers', () => {
    expect(() => cancel(aTask({ status: 'cancelled' }))).toThrow(TaskClosed);
    expect(() => cancelTask({ task: aTask(), bids: [] }, EXECUTOR, later)).toThrow(NotTheCreator);
  });
});

const inStatus = (status: TaskStatus): Task =>
  status === 'open' || status === 'bidding' ? aTask({ status }) : anAcceptedTask({ status });
const agreed = [points(120)];
const offered = [points(150)];

describe('cancelTask, of an executor who is suspended,', () => {
  const cancelling = (status: TaskStatus, by = CREATOR) =>
    cancelTask({ task: inStatus(status), bids: [] }, by, later, true);

  it('gives the agreed price back while it works', () => {
    const cancelled = cancelling('in_progress');
    expect(cancelled.task).toMatchObject({
      status: 'cancelled',
      closeReason: 'executor_suspended',
      closedAt: later,
      bidsCount: 1,
    });
    expect(cancelled.counters).toBeUndefined();
    expect(refundOf(cancelled)).toEqual(agreed);
  });

  it.each(['submitted', 'validating', 'completed', 'cancelled', 'disputed'] as const)(
    'is refused when %s',
    (status) => {
      expect(() => cancelling(status)).toThrow(BidAccepted);
    },
  );

  it('is for the creator alone', () => {
    expect(() => cancelling('in_progress', EXECUTOR)).toThrow(NotTheCreator);
  });
});

describe('cancelByOperator', () => {
  const refusals: Readonly<Record<TaskStatus, unknown>> = {
    open: undefined,
    bidding: undefined,
    in_progress: undefined,
    submitted: WrongTaskStatus,
    validating: WrongTaskStatus,
    disputed: WrongTaskStatus,
    completed: TaskClosed,
    cancelled: TaskClosed,
  };

  it.each(TASK_STATUSES)('of a task that is %s', (status) => {
    const stopping = () => cancelByOperator({ task: inStatus(status), bids: [aBid()] }, later);
    const refusal = refusals[status];
    if (refusal) return expect(stopping).toThrow(refusal as typeof TaskClosed);
    const stopped = stopping();
    expect(stopped).toMatchObject({
      task: { status: 'cancelled', closeReason: 'operator', closedAt: later },
      bids: [{ status: 'rejected' }],
    });
    expect(refundOf(stopped)).toEqual(status === 'in_progress' ? agreed : offered);
    expect(stopped.events.map(({ name }) => name)).toEqual(['task.cancelled', 'task.bid_rejected']);
  });
});

describe('cancelOfSuspended', () => {
  it.each(TASK_STATUSES)('of a task that is %s', (status) => {
    const cancelled = cancelOfSuspended({ task: inStatus(status), bids: [aBid()] }, later);
    if (status !== 'open' && status !== 'bidding') return expect(cancelled).toBeUndefined();
    expect(cancelled).toMatchObject({
      task: { status: 'cancelled', closeReason: 'creator_suspended' },
      bids: [{ status: 'rejected' }],
    });
    expect(refundOf(cancelled!)).toEqual(offered);
  });
});
