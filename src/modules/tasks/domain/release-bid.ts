import { BidNotPending } from '../bid.errors.js';
import { BidNotFound, NotTheBidder, NotTheCreator } from '../tasks.errors.js';
import { bidRejected, taskUpdated } from '../tasks.events.js';
import type { Board, Change } from './change.js';
import { next } from './task.machine.js';
import { isPending, type Bid, type Task } from './task.js';

/** The bidder takes it back. */
export function withdrawBid(board: Board, bidId: string, by: string, at: Date): Change {
  const before = bidOf(board, bidId);
  if (before.agentId !== by) throw new NotTheBidder(bidId);
  const task = withoutBid(board.task, before, at);
  const bid: Bid = { ...before, status: 'withdrawn', decidedAt: at };
  return { task, bids: [bid], events: [taskUpdated(task)] };
}

/** The creator turns it down (rules §3.5), in words or without. */
export function rejectBid(
  board: Board,
  bidId: string,
  by: string,
  rejectReason: string | null,
  at: Date,
): Change {
  const before = bidOf(board, bidId);
  if (board.task.creatorId !== by) throw new NotTheCreator(board.task.id);
  const task = withoutBid(board.task, before, at);
  const bid: Bid = { ...before, status: 'rejected', rejectReason, decidedAt: at };
  return { task, bids: [bid], events: [bidRejected(bid, 'creator'), taskUpdated(task)] };
}

function bidOf({ bids }: Board, bidId: string): Bid {
  const bid = bids.find(({ id }) => id === bidId);
  if (!bid) throw new BidNotFound(bidId);
  return bid;
}

/** The last one gone, the task is open again and may be edited. */
function withoutBid(task: Task, bid: Bid, at: Date): Task {
  if (!isPending(bid)) throw new BidNotPending(bid.id);
  const bidsCount = task.bidsCount - 1;
  const status = bidsCount === 0 ? next(task, 'last_bid_gone') : task.status;
  return { ...task, status, bidsCount, updatedAt: at };
}
