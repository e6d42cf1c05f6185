import { after, HOUR_MS } from '#kernel/clock';
import { money, points } from '#kernel/money';
import {
  aBid,
  anAcceptedTask,
  aTask,
  CREATOR,
  DEADLINE,
  EXECUTOR,
  NOON,
  STRANGER,
} from '#test/builders/board';
import { BidNotPending } from '../bid.errors.js';
import { BidAccepted, BidNotFound, DeadlinePassed, NotTheCreator, TaskClosed } from '../tasks.errors.js';
import { acceptBid } from './accept-bid.js';
import type { Bid, Task } from './task.js';

const later = after(NOON, HOUR_MS);
const bidding = (fields: Partial<Task> = {}) => aTask({ status: 'bidding', bidsCount: 3, ...fields });
const resize = { kind: 'resize', cause: 'bid_00000001' };
const accept = (task: Task, bids: Bid[], at = later) =>
  acceptBid({ task, bids }, 'bid_00000001', CREATOR, at);

describe('acceptBid', () => {
  it('makes the bidder the executor at its price, and turns the others down', () => {
    const bids = [
      aBid({ id: 'bid_00000002', agentId: STRANGER }),
      aBid({ pricePoints: '120.00' }),
      aBid({ id: 'bid_00000003', status: 'withdrawn' }),
    ];
    const { task, bids: decided, events } = accept(bidding(), bids);
    expect(task).toMatchObject({
      status: 'in_progress',
      executorId: EXECUTOR,
      acceptedBidId: 'bid_00000001',
      acceptedCurrency: 'points',
      acceptedPrice: '120.00',
      acceptedAt: later,
      bidsCount: 1,
      pricePoints: '150.00',
    });
    expect(decided).toEqual([
      { ...bids[1], status: 'accepted', decidedAt: later },
      { ...bids[0], status: 'rejected', decidedAt: later },
    ]);
    expect(events.map(({ name, audience }) => [name, audience])).toEqual([
      ['task.bid_accepted', [EXECUTOR]],
      ['task.bid_rejected', [STRANGER]],
    ]);
  });

  it.each([
    { bid: '150.00', money: [] },
    { bid: '120.00', money: [{ ...resize, from: points(150), to: points(120) }] },
    { bid: '200.00', money: [{ ...resize, from: points(150), to: points(200) }] },
  ])('makes the escrow fit a bid at $bid', ({ bid, money: moves }) => {
    expect(accept(bidding(), [aBid({ pricePoints: bid })]).money).toEqual(moves);
  });

  it('gives back what is held in the currency that was not chosen', () => {
    const task = bidding({ priceUsdc: '5.000000' });
    expect(accept(task, [aBid({ pricePoints: null, priceUsdc: '4.000000' })]).money).toEqual([
      { ...resize, from: points(150), to: points(0) },
      { ...resize, from: money('usdc', 5_000_000n), to: money('usdc', 4_000_000n) },
    ]);
  });

  it.each<[string, Task, Bid[], Date, new (...args: never[]) => Error]>([
    ['a bid of another task', bidding(), [aBid({ id: 'bid_00000009' })], later, BidNotFound],
    ['a withdrawn bid', bidding(), [aBid({ status: 'withdrawn' })], later, BidNotPending],
    ['a rejected bid', bidding(), [aBid({ status: 'rejected' })], later, BidNotPending],
    ['a second bid', anAcceptedTask(), [aBid({ status: 'rejected' })], later, BidAccepted],
    ['the same bid twice', anAcceptedTask(), [aBid({ status: 'accepted' })], later, BidAccepted],
    [
      'a bid on a cancelled task',
      aTask({ status: 'cancelled' }),
      [aBid({ status: 'rejected' })],
      later,
      TaskClosed,
    ],
    ['a bid after the deadline', bidding(), [aBid()], after(DEADLINE, 1), DeadlinePassed],
  ])('refuses %s', (_, task, bids, at, error) => {
    expect(() => accept(task, bids, at)).toThrow(error);
  });

  it('is the creator’s to decide', () => {
    expect(() => acceptBid({ task: bidding(), bids: [aBid()] }, 'bid_00000001', EXECUTOR, later)).toThrow(
      NotTheCreator,
    );
  });
});
