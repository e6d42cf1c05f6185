import { toDecimal } from '#kernel/money';
import { BidNotPending } from '../bid.errors.js';
import { BidAccepted, BidNotFound, DeadlinePassed, NotTheCreator, TaskClosed } from '../tasks.errors.js';
import { bidAccepted, bidRejected } from '../tasks.events.js';
import type { Board, Change } from './change.js';
import { escrowMoves, pricesOf } from './price.js';
import { isClosed, isPending, type Bid, type Task } from './task.js';
import { next } from './task.machine.js';

/** The escrow becomes what the winner asked for; what is held in the other currency goes back. */
export function acceptBid({ task, bids }: Board, bidId: string, by: string, at: Date): Change {
  if (task.creatorId !== by) throw new NotTheCreator(task.id);
  const bid = bids.find(({ id }) => id === bidId);
  if (!bid) throw new BidNotFound(bidId);
  if (isClosed(task)) throw new TaskClosed(task.id, task.status);
  if (task.executorId !== null) throw new BidAccepted(task.id);
  if (!isPending(bid)) throw new BidNotPending(bidId);
  if (at > task.deadline) throw new DeadlinePassed(task.id, task.deadline);
  const [price] = pricesOf(bid);
  const accepted: Task = {
    ...task,
    status: next(task, 'accept_bid'),
    executorId: bid.agentId,
    bidsCount: 1,
    acceptedBidId: bid.id,
    acceptedCurrency: price!.currency,
    acceptedPrice: toDecimal(price!),
    acceptedAt: at,
    updatedAt: at,
  };
  const winner: Bid = { ...bid, status: 'accepted', decidedAt: at };
  const declined = declinedBids(
    bids.filter((other) => other !== bid),
    at,
  );
  return {
    task: accepted,
    bids: [winner, ...declined],
    money: escrowMoves(task, bid, bid.id),
    events: [bidAccepted(accepted, winner), ...declined.map((other) => bidRejected(other, 'other_accepted'))],
  };
}

/** Those that still waited for an answer get it. */
export const declinedBids = (bids: readonly Bid[], at: Date): Bid[] =>
  bids.filter(isPending).map((bid) => ({ ...bid, status: 'rejected', decidedAt: at }));
