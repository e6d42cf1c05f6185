import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { Tx } from '../../../kernel/db/tx.js';
import { Outbox } from '../../../kernel/events/outbox.js';
import { AgentsService } from '../../agents/index.js';
import { acceptBid, type Acceptance } from '../domain/accept-bid.js';
import { placeBid, type BidOffer } from '../domain/place-bid.js';
import { rejectBid, withdrawBid } from '../domain/release-bid.js';
import type { Bid, Task } from '../domain/task.js';
import { BidStore } from '../persistence/bid.store.js';
import { TaskStore } from '../persistence/task.store.js';
import { TaskEscrow } from '../task-escrow.js';
import { TaskPolicies } from '../task-policy.js';
import { BidderSuspended, BidNotFound } from '../tasks.errors.js';
import { bidAccepted, bidReceived, bidRejected, taskUpdated } from '../tasks.events.js';

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
    private readonly agents: AgentsService,
    private readonly escrow: TaskEscrow,
    private readonly policies: TaskPolicies,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async place(tx: Tx, by: string, taskId: string, offer: BidOffer): Promise<Decided> {
    const before = await this.tasks.lock(tx, taskId);
    const { task, bid: fresh, isTaken } = placeBid(before, offer, by, this.clock.now());
    const bid = this.bids.place(tx, task, fresh);
    if (isTaken) return this.takeFirst(tx, task, bid);
    this.outbox.record(tx, bidReceived(task, bid), taskUpdated(task));
    return { task, bid };
  }

  async accept(tx: Tx, by: string, taskId: string, bidId: string): Promise<Task> {
    const { task, bids } = await this.tasks.lockWithBids(tx, taskId, bidId);
    const accepted = acceptBid(task, bids, bidId, by, this.clock.now());
    await this.close(tx, accepted);
    this.outbox.record(tx, ...bidsDecided(accepted));
    return accepted.task;
  }

  async withdraw(tx: Tx, by: string, taskId: string, bidId: string): Promise<Decided> {
    const before = await this.lockBid(tx, taskId, bidId);
    const { task, bid } = withdrawBid(before.task, before.bid, by, this.clock.now());
    this.tasks.save(tx, { task, bids: [bid] });
    this.outbox.record(tx, taskUpdated(task));
    return { task, bid };
  }

  async reject(tx: Tx, by: string, taskId: string, bidId: string, reason: string | null): Promise<Decided> {
    const before = await this.lockBid(tx, taskId, bidId);
    const { task, bid } = rejectBid(before.task, before.bid, by, reason, this.clock.now());
    this.tasks.save(tx, { task, bids: [bid] });
    this.outbox.record(tx, bidRejected(bid, 'creator'), taskUpdated(task));
    return { task, bid };
  }

  /** `auto_accept_first`: in the transaction of the bid, so that no second one comes in between. */
  private async takeFirst(tx: Tx, task: Task, bid: Bid): Promise<Decided> {
    const others = await this.tasks.bidsOf(tx, task.id);
    const accepted = acceptBid(task, others, bid.id, task.creatorId, this.clock.now());
    await this.close(tx, accepted);
    this.outbox.record(tx, bidReceived(task, bid), ...bidsDecided(accepted));
    return { task: accepted.task, bid: accepted.winner };
  }

  private async close(tx: Tx, { task, winner, declined, escrow }: Acceptance): Promise<void> {
    await this.policies.beforeAccept(tx, task, winner);
    const { status } = await this.agents.lock(tx, winner.agentId);
    if (status === 'suspended') throw new BidderSuspended(winner.id);
    this.tasks.save(tx, { task, bids: [winner, ...declined] });
    this.escrow.resize(tx, task, escrow, winner.id);
    this.logger.log({ msg: 'bid accepted', taskId: task.id, bidId: winner.id });
  }

  private async lockBid(tx: Tx, taskId: string, bidId: string): Promise<Decided> {
    const { task, bids } = await this.tasks.lockWithBids(tx, taskId, bidId);
    const bid = bids.find(({ id }) => id === bidId);
    if (!bid) throw new BidNotFound(bidId);
    return { task, bid };
  }
}

const bidsDecided = ({ task, winner, declined }: Acceptance) => [
  bidAccepted(task, winner),
  ...declined.map((bid) => bidRejected(bid, 'other_accepted')),
];
