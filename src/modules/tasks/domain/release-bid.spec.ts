import { after, HOUR_MS } from '../../../kernel/clock.js';
import { aBid, aTask, CREATOR, EXECUTOR, NOON, STRANGER } from '../../../../test/builders/board.js';
import { BidNotPending } from '../bid.errors.js';
import { NotTheBidder, NotTheCreator } from '../tasks.errors.js';
import { rejectBid, withdrawBid } from './release-bid.js';

const later = after(NOON, HOUR_MS);
const bidding = (bidsCount: number) => aTask({ status: 'bidding', bidsCount });

describe('A bid', () => {
  it('is withdrawn by its bidder; the last one gone, the task is open again', () => {
    const { task, bid } = withdrawBid(bidding(1), aBid(), EXECUTOR, later);
    expect([bid.status, bid.decidedAt]).toEqual(['withdrawn', later]);
    expect(task).toMatchObject({ status: 'open', bidsCount: 0, updatedAt: later });
  });

  it('leaves the others where they are', () => {
    expect(withdrawBid(bidding(3), aBid(), EXECUTOR, later).task).toMatchObject({
      status: 'bidding',
      bidsCount: 2,
    });
  });

  it.each(['Too dear', null])('is rejected by the creator, saying %s', (reason) => {
    const { task, bid } = rejectBid(bidding(1), aBid(), CREATOR, reason, later);
    expect([bid.status, bid.rejectReason, task.status]).toEqual(['rejected', reason, 'open']);
  });

  it('is nobody else’s to withdraw or reject', () => {
    expect(() => withdrawBid(bidding(1), aBid(), CREATOR, later)).toThrow(NotTheBidder);
    expect(() => rejectBid(bidding(1), aBid(), STRANGER, null, later)).toThrow(NotTheCreator);
  });

  it.each(['accepted', 'rejected', 'withdrawn'] as const)('that is %s is decided', (status) => {
    const task = bidding(2);
    expect(() => withdrawBid(task, aBid({ status }), EXECUTOR, later)).toThrow(BidNotPending);
    expect(() => rejectBid(task, aBid({ status }), CREATOR, null, later)).toThrow(BidNotPending);
  });
});
