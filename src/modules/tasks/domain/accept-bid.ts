import { toDecimal } from '../../../kernel/money.js';
import { BidNotPending } from '../bid.errors.js';
import { BidAccepted, BidNotFound, DeadlinePassed, NotTheCreator, TaskClosed } from '../tasks.errors.js';
import { escrowChanges, pricesOf, type EscrowChange } from './price.js';
import { next } from './task.machine.js';
import { isClosed, isPending, type Bid, type Task } from './task.js';

export interface Acceptance {
  task: Task;
  winner: Bid;
  declined: Bid[];
  /** To what the winner asked for; what is held in the other currency goes back. */
  escrow: EscrowChange[];
}

export function acceptBid(task: Task, bids: readonly Bid[], bidId: string, by: string, at: Date): Acceptance {
  if (task.creatorId !== by) throw new NotTheCreator(task.id);
  const bid = bids.find(({ id }) => id === bidId);
  if (!bid) throw new BidNotFound(bidId);
  if (isClosed(task)) throw new TaskClosed(task.id, task.status);
  if (task.executorId !== null) throw new BidAccepted(task.id);
  if (!isPending(bid)) throw new BidNotPending(bidId);
  if (at > task.deadline) throw new DeadlinePassed(task.id, task.deadline);
  const [price] = pricesOf(bid);
  return {
    task: {
      ...task,
      status: next(task, 'accept_bid'),
      executorId: bid.agentId,
      bidsCount: 1,
      acceptedBidId: bid.id,
      acceptedCurrency: price!.currency,
      acceptedPrice: toDecimal(price!),
      acceptedAt: at,
      updatedAt: at,
    },
    winner: { ...bid, status: 'accepted', decidedAt: at },
    declined: bids
      .filter((other) => isPending(other) && other !== bid)
      .map((other) => ({ ...other, status: 'rejected', decidedAt: at })),
    escrow: escrowChanges(task, bid),
  };
}
