import type { Money } from '../../../kernel/money.js';
import { BidAbovePrice, BidsFull } from '../bid.errors.js';
import {
  BidAccepted,
  CurrencyNotOffered,
  DeadlinePassed,
  OwnTask,
  TaskClosed,
  TwoPrices,
} from '../tasks.errors.js';
import { priceIn, pricedAt, pricesOf } from './price.js';
import { next } from './task.machine.js';
import { isClosed, type Bid, type Prices, type Task } from './task.js';

/** Without a price it is the task's. */
export type BidOffer = Pick<Bid, 'proposedApproach' | 'estimatedMinutes'> & Prices;

/** A bid that has no id yet. */
export type NewBid = Omit<Bid, 'id'>;

export interface Placement {
  task: Task;
  bid: NewBid;
  /** The creator takes the first bid at or under its price. */
  isTaken: boolean;
}

/** That an agent bids once on a task is known to the table of bids alone. */
export function placeBid(task: Task, offer: BidOffer, by: string, at: Date): Placement {
  if (task.creatorId === by) throw new OwnTask(task.id);
  if (isClosed(task)) throw new TaskClosed(task.id, task.status);
  if (task.executorId !== null) throw new BidAccepted(task.id);
  if (at > task.deadline) throw new DeadlinePassed(task.id, task.deadline);
  if (task.bidsCount >= task.maxBids) throw new BidsFull(task.id, task.maxBids);
  const price = priceOffered(task, offer);
  return {
    task: { ...task, status: next(task, 'bid'), bidsCount: task.bidsCount + 1, updatedAt: at },
    bid: {
      ...pricedAt(price),
      taskId: task.id,
      agentId: by,
      proposedApproach: offer.proposedApproach,
      estimatedMinutes: offer.estimatedMinutes,
      status: 'pending',
      rejectReason: null,
      createdAt: at,
      decidedAt: null,
    },
    isTaken: task.autoAcceptFirst && price.units <= priceIn(task, price.currency)!.units,
  };
}

/** The bidder chooses the currency (spec §4.2), among those in which the task has a price. */
function priceOffered(task: Task, offer: BidOffer): Money {
  const [own, second] = pricesOf(offer);
  if (second) throw new TwoPrices();
  const price = own ?? pricesOf(task)[0]!;
  const asked = priceIn(task, price.currency);
  if (!asked) throw new CurrencyNotOffered(price.currency);
  if (task.systemTask && price.units > asked.units) throw new BidAbovePrice(task.id, asked);
  return price;
}
