import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { Tx } from '../../../kernel/db/tx.js';
import { Outbox } from '../../../kernel/events/outbox.js';
import { AgentsService, SYSTEM_AGENT_ID } from '../../agents/index.js';
import { acceptBid, type Acceptance } from '../domain/accept-bid.js';
import { placeBid, type BidOffer } from '../domain/place-bid.js';
import { rejectBid, withdrawBid } from '../domain/release-bid.js';
import { isPending, type Bid, type Task } from '../domain/task.js';
import { BidStore } from '../persistence/bid.store.js';
import { TaskStore } from '../persistence/task.store.js';
import { TaskEscrow } from '../task-escrow.js';
import { TaskPolicies } from '../task-policy.js';
import { BidNotFound } from '../tasks.errors.js';
import { BidderSuspended, CreatorSuspended } from '../suspension.errors.js';
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

  /** Everybody who has ever bid on a task, whatever became of the bid. */
  biddersOf(tx: Tx, taskId: string): Promise<string[]> {
    return this.bids.biddersOf(tx, taskId);
  }

  async place(tx: Tx, by: string, taskId: string, offer: BidOffer): Promise<Decided> {
    const before = await this.tasks.lock(tx, taskId);
    const { task, bid: fresh, isTaken } = placeBid(before, offer, by, this.clock.now());
    await this.policies.beforeBid(tx, before, fresh);
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

  /** Nothing when the bidder has been reinstated since, or the bid is decided. */
  async withdrawOfSuspended(tx: Tx, bidderId: string, taskId: string): Promise<void> {
    const { task: before, bids } = await this.tasks.lockWithBids(tx, taskId);
    const pending = bids.find(({ agentId }) => agentId === bidderId);
    if (!pending || !isPending(pending)) return;
    const { status } = await this.agents.lock(tx, bidderId);
    if (status !== 'suspended') return;
    const { task, bid } = withdrawBid(before, pending, bidderId, this.clock.now());
    this.tasks.save(tx, { task, bids: [bid] });
    this.outbox.record(tx, taskUpdated(task));
    this.logger.log({ msg: 'bid of a suspended agent withdrawn', taskId, bidId: bid.id });
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
    await this.refuseSuspended(tx, task, winner);
    await this.policies.beforeAccept(tx, task, winner);
    this.tasks.save(tx, { task, bids: [winner, ...declined] });
    this.escrow.resize(tx, task, escrow, winner.id);
    this.logger.log({ msg: 'bid accepted', taskId: task.id, bidId: winner.id });
  }

  /** A suspension and an accept that meet here are one after the other: their locks are those of the agents. */
  private async refuseSuspended(tx: Tx, { id, creatorId }: Task, { id: bidId, agentId }: Bid): Promise<void> {
    const ids = creatorId === SYSTEM_AGENT_ID ? [agentId] : [creatorId, agentId];
    for (const { id: party, status } of await this.agents.lockMany(tx, ids)) {
      if (status !== 'suspended') continue;
      throw party === agentId ? new BidderSuspended(bidId) : new CreatorSuspended(id);
    }
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
