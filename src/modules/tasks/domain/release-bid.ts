import { BidNotPending } from '../bid.errors.js';
import { NotTheBidder, NotTheCreator } from '../tasks.errors.js';
import { next } from './task.machine.js';
import { isPending, type Bid, type Task } from './task.js';

export interface Released {
  task: Task;
  bid: Bid;
}

/** The bidder takes it back. */
export function withdrawBid(task: Task, bid: Bid, by: string, at: Date): Released {
  if (bid.agentId !== by) throw new NotTheBidder(bid.id);
  return released(task, { ...bid, status: 'withdrawn', decidedAt: at }, bid, at);
}

/** The creator turns it down (spec §9.1), in words or without. */
export function rejectBid(task: Task, bid: Bid, by: string, rejectReason: string | null, at: Date): Released {
  if (task.creatorId !== by) throw new NotTheCreator(task.id);
  return released(task, { ...bid, status: 'rejected', rejectReason, decidedAt: at }, bid, at);
}

/** The last one gone, the task is open again and may be edited. */
function released(task: Task, bid: Bid, before: Bid, at: Date): Released {
  if (!isPending(before)) throw new BidNotPending(bid.id);
  const bidsCount = task.bidsCount - 1;
  const status = bidsCount === 0 ? next(task, 'last_bid_gone') : task.status;
  return { task: { ...task, status, bidsCount, updatedAt: at }, bid };
}
