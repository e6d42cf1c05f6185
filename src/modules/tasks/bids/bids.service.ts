import { Injectable, Logger } from '@nestjs/common';
import { newId } from '#kernel/ids';
import type { Tx } from '#kernel/tx';
import { BoardService } from '../board/board.service.js';
import { acceptBid } from '../domain/accept-bid.js';
import type { Change } from '../domain/change.js';
import { placeBid, type BidOffer } from '../domain/place-bid.js';
import { rejectBid, withdrawBid } from '../domain/release-bid.js';
import { isPending, type Bid, type Task } from '../domain/task.js';
import { BidStore } from '../persistence/bid.store.js';
import { TaskStore } from '../persistence/task.store.js';

/** A bid and its task, as an act has left them. */
export interface Decided {
  task: Task;
  bid: Bid;
}

/** Who wants to do it, and who may. The lock of the task orders all of it. */
@Injectable()
export class BidsService {
  private readonly logger = new Logger('Bids');

  constructor(
    private readonly tasks: TaskStore,
    private readonly bids: BidStore,
    private readonly board: BoardService,
  ) {}

  /** Everybody who has ever bid on a task, whatever became of the bid. */
  biddersOf(tx: Tx, taskId: string): Promise<string[]> {
    return this.bids.biddersOf(tx, taskId);
  }

  async place(tx: Tx, by: string, taskId: string, offer: BidOffer): Promise<Decided> {
    const bidId = newId('bid');
    const change = await this.board.act(tx, this.tasks.lockForBidder(tx, taskId), (board, at) =>
      placeBid(board, bidId, offer, by, at),
    );
    if (change.task.acceptedBidId) this.logger.log({ msg: 'bid accepted', taskId, bidId });
    return decided(change, bidId);
  }

  async accept(tx: Tx, by: string, taskId: string, bidId: string): Promise<Task> {
    const { task } = await this.board.act(tx, this.tasks.lockWithBids(tx, taskId, bidId), (board, at) =>
      acceptBid(board, bidId, by, at),
    );
    this.logger.log({ msg: 'bid accepted', taskId, bidId });
    return task;
  }

  async withdraw(tx: Tx, by: string, taskId: string, bidId: string): Promise<Decided> {
    const change = await this.board.act(tx, this.tasks.lockWithBids(tx, taskId, bidId), (board, at) =>
      withdrawBid(board, bidId, by, at),
    );
    return decided(change, bidId);
  }

  async reject(tx: Tx, by: string, taskId: string, bidId: string, reason: string | null): Promise<Decided> {
    const change = await this.board.act(tx, this.tasks.lockWithBids(tx, taskId, bidId), (board, at) =>
      rejectBid(board, bidId, by, reason, at),
    );
    return decided(change, bidId);
  }

  /** Nothing when the bidder has been reinstated since, or the bid is decided. */
  async withdrawOfSuspended(tx: Tx, bidderId: string, taskId: string): Promise<void> {
    const locked = this.board.whileSuspended(tx, bidderId, this.tasks.lockWithBids(tx, taskId));
    const change = await this.board.actOnDue(tx, locked, (board, at) => {
      const pending = board.bids.find((bid) => bid.agentId === bidderId && isPending(bid));
      return pending && withdrawBid(board, pending.id, bidderId, at);
    });
    if (change) this.logger.log({ msg: 'bid of a suspended agent withdrawn', taskId, agentId: bidderId });
  }
}

const decided = ({ task, bids = [] }: Change, bidId: string): Decided => ({
  task,
  bid: bids.find(({ id }) => id === bidId)!,
});
