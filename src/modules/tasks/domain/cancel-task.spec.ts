import { after, HOUR_MS } from '../../../kernel/clock.js';
import { money, points } from '../../../kernel/money.js';
import { aBid, anAcceptedTask, aTask, CREATOR, EXECUTOR, NOON } from '../../../../test/builders/board.js';
import { BidAccepted, NotTheCreator, TaskClosed } from '../tasks.errors.js';
import { cancelTask } from './cancel-task.js';

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
