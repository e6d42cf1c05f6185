import { after, HOUR_MS } from '../../../kernel/clock.js';
import { money, points } from '../../../kernel/money.js';
import { aBid, anAcceptedTask, aTask, CREATOR, EXECUTOR, NOON } from '../../../../test/builders/board.js';
import { BidAccepted, NotTheCreator, TaskClosed, WrongTaskStatus } from '../tasks.errors.js';
import { cancelByOperator, cancelOfSuspended, cancelTask } from './cancel-task.js';
import { TASK_STATUSES, type Task, type TaskStatus } from './task.js';

const later = after(NOON, HOUR_MS);

describe('cancelTask', () => {
  it.each(['open', 'bidding'] as const)('ends a task that is %s and gives everything back', (status) => {
    const task = aTask({ status, priceUsdc: '5.000000' });
    const { task: cancelled, refund } = cancelTask(task, [], CREATOR, later);
    expect(cancelled).toMatchObject({
      status: 'cancelled',
      closeReason: 'creator',
      closedAt: later,
      updatedAt: later,
    });
    expect(refund).toEqual([points(150), money('usdc', 5_000_000n)]);
  });

  it('turns down those who wait, and leaves the others', () => {
    const bids = [
      aBid({ id: 'bid_00000001' }),
      aBid({ id: 'bid_00000002', status: 'withdrawn' }),
      aBid({ id: 'bid_00000003' }),
    ];
    const { declined } = cancelTask(aTask({ status: 'bidding', bidsCount: 2 }), bids, CREATOR, later);
    expect(declined.map(({ id, status, decidedAt }) => [id, status, decidedAt])).toEqual([
      ['bid_00000001', 'rejected', later],
      ['bid_00000003', 'rejected', later],
    ]);
  });

  it.each(['in_progress', 'submitted', 'validating', 'completed', 'cancelled', 'disputed'] as const)(
    'refuses once a bid was accepted, also when %s',
    (status) => {
      expect(() => cancelTask(anAcceptedTask({ status }), [], CREATOR, later)).toThrow(BidAccepted);
    },
  );

  it('refuses a second time, and strangers', () => {
    expect(() => cancelTask(aTask({ status: 'cancelled' }), [], CREATOR, later)).toThrow(TaskClosed);
    expect(() => cancelTask(aTask(), [], EXECUTOR, later)).toThrow(NotTheCreator);
  });
});

const inStatus = (status: TaskStatus): Task =>
  status === 'open' || status === 'bidding' ? aTask({ status }) : anAcceptedTask({ status });
const agreed = [points(120)];
const offered = [points(150)];

describe('cancelTask, of an executor who is suspended,', () => {
  it('gives the agreed price back while it works', () => {
    const { task, refund } = cancelTask(inStatus('in_progress'), [], CREATOR, later, true);
    expect(task).toMatchObject({ status: 'cancelled', closeReason: 'executor_suspended', closedAt: later });
    expect(refund).toEqual(agreed);
  });

  it.each(['submitted', 'validating', 'completed', 'cancelled', 'disputed'] as const)(
    'is refused when %s',
    (status) => {
      expect(() => cancelTask(inStatus(status), [], CREATOR, later, true)).toThrow(BidAccepted);
    },
  );

  it('is for the creator alone', () => {
    expect(() => cancelTask(inStatus('in_progress'), [], EXECUTOR, later, true)).toThrow(NotTheCreator);
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
    const task = inStatus(status);
    const cancelling = () => cancelByOperator(task, [aBid()], later);
    const refusal = refusals[status];
    if (refusal) return expect(cancelling).toThrow(refusal as typeof TaskClosed);
    expect(cancelling()).toMatchObject({
      task: { status: 'cancelled', closeReason: 'operator', closedAt: later },
      declined: [{ status: 'rejected' }],
      refund: status === 'in_progress' ? agreed : offered,
    });
  });
});

describe('cancelOfSuspended', () => {
  it.each(TASK_STATUSES)('of a task that is %s', (status) => {
    const cancelled = cancelOfSuspended(inStatus(status), [aBid()], later);
    if (status !== 'open' && status !== 'bidding') return expect(cancelled).toBeUndefined();
    expect(cancelled).toMatchObject({
      task: { status: 'cancelled', closeReason: 'creator_suspended' },
      declined: [{ status: 'rejected' }],
      refund: offered,
    });
  });
});
