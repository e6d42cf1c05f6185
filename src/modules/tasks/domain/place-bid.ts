import type { Money } from '#kernel/money';
import { BidAbovePrice, BidsFull } from '../bid.errors.js';
import {
  BidAccepted,
  CurrencyNotOffered,
  DeadlinePassed,
  OwnTask,
  TaskClosed,
  TwoPrices,
} from '../tasks.errors.js';
import { bidReceived, taskUpdated } from '../tasks.events.js';
import { acceptBid } from './accept-bid.js';
import type { Board, Change } from './change.js';
import { priceIn, pricedAt, pricesOf } from './price.js';
import { isClosed, type Bid, type Prices, type Task } from './task.js';
import { next } from './task.machine.js';

/** Without a price it is the task's. */
export type BidOffer = Pick<Bid, 'proposedApproach' | 'estimatedMinutes'> & Prices;

/**
 * With `auto_accept_first` a bid at or under the price is accepted by the same act, so that no second one comes in
 * between. The unique index enforces one bid per agent and task; nothing here checks it.
 */
export function placeBid(board: Board, bidId: string, offer: BidOffer, by: string, at: Date): Change {
  const { task } = board;
  if (task.creatorId === by) throw new OwnTask(task.id);
  if (isClosed(task)) throw new TaskClosed(task.id, task.status);
  if (task.executorId !== null) throw new BidAccepted(task.id);
  if (at > task.deadline) throw new DeadlinePassed(task.id, task.deadline);
  if (task.bidsCount >= task.maxBids) throw new BidsFull(task.id, task.maxBids);
  const price = priceOffered(task, offer);
  const bid: Bid = {
    id: bidId,
    ...pricedAt(price),
    taskId: task.id,
    agentId: by,
    proposedApproach: offer.proposedApproach,
    estimatedMinutes: offer.estimatedMinutes,
    status: 'pending',
    rejectReason: null,
    createdAt: at,
    decidedAt: null,
  };
  const withBid: Task = { ...task, status: next(task, 'bid'), bidsCount: task.bidsCount + 1, updatedAt: at };
  const received = bidReceived(withBid, bid);
  if (!isTakenAtOnce(task, price))
    return { task: withBid, bids: [bid], events: [received, taskUpdated(withBid)] };
  const accepted = acceptBid({ task: withBid, bids: [...board.bids, bid] }, bid.id, task.creatorId, at);
  return { ...accepted, events: [received, ...accepted.events] };
}

const isTakenAtOnce = (task: Task, price: Money): boolean =>
  task.autoAcceptFirst && price.units <= priceIn(task, price.currency)!.units;

/** The bidder chooses the currency (rules §3.6), among those in which the task has a price. */
function priceOffered(task: Task, offer: BidOffer): Money {
  const [own, second] = pricesOf(offer);
  if (second) throw new TwoPrices();
  const price = own ?? pricesOf(task)[0]!;
  const asked = priceIn(task, price.currency);
  if (!asked) throw new CurrencyNotOffered(price.currency);
  if (task.systemTask && price.units > asked.units) throw new BidAbovePrice(task.id, asked);
  return price;
}
