import { after, HOUR_MS } from '#kernel/clock';
import { aBid, aTask, CREATOR, EXECUTOR, NOON, STRANGER } from '#test/builders/board';
import { BidNotPending } from '../bid.errors.js';
import { BidNotFound, NotTheBidder, NotTheCreator } from '../tasks.errors.js';
import { rejectBid, withdrawBid } from './release-bid.js';

const later = after(NOON, HOUR_MS);
const bidding = (bidsCount: number, bid = aBid()) => ({
  task: aTask({ status: 'bidding', bidsCount }),
  bids: [bid],
});
const ID = aBid().id;

describe('A bid', () => {
  it('is withdrawn by its bidder; the last one gone, the task is open again', () => {
    const { task, bids } = withdrawBid(bidding(1), ID, EXECUTOR, later);
    expect(bids).toEqual([aBid({ status: 'withdrawn', decidedAt: later })]);
    expect(task).toMatchObject({ status: 'open', bidsCount: 0, updatedAt: later });
  });

  it('leaves the others where they are', () => {
    expect(withdrawBid(bidding(3), ID, EXECUTOR, later).task).toMatchObject({
      status: 'bidding',
      bidsCount: 2,
    });
  });

  it.each(['Too dear', null])('is rejected by the creator, saying %s', (reason) => {
    const { task, bids } = rejectBid(bidding(1), ID, CREATOR, reason, later);
    expect(bids).toEqual([aBid({ status: 'rejected', rejectReason: reason, decidedAt: later })]);
    expect(task.status).toBe('open');
  });

  it('is nobody else’s to withdraw or reject', () => {
    expect(() => withdrawBid(bidding(1), ID, CREATOR, later)).toThrow(NotTheBidder);
    expect(() => rejectBid(bidding(1), ID, STRANGER, null, later)).toThrow(NotTheCreator);
  });

  it('of another task is not found', () => {
    expect(() => withdrawBid(bidding(1), 'bid_00000009', EXECUTOR, later)).toThrow(BidNotFound);
    expect(() => rejectBid(bidding(1), 'bid_00000009', CREATOR, null, later)).toThrow(BidNotFound);
  });

  it.each(['accepted', 'rejected', 'withdrawn'] as const)('that is %s is decided', (status) => {
    const board = bidding(2, aBid({ status }));
    expect(() => withdrawBid(board, ID, EXECUTOR, later)).toThrow(BidNotPending);
    expect(() => rejectBid(board, ID, CREATOR, null, later)).toThrow(BidNotPending);
  });
});
