import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import { SYSTEM_AGENT_ID } from '#kernel/ids';
import type { Tx } from '#kernel/tx';
import { AgentsService } from '#modules/agents';
import { Outbox } from '#platform/messaging';
import { newBids, type Board, type Change } from '../domain/change.js';
import type { Bid, Task } from '../domain/task.js';
import { ChangeStore } from '../persistence/change.store.js';
import { BidderSuspended, CreatorSuspended } from '../suspension.errors.js';
import { TaskEscrow } from '../task-escrow.js';
import { TaskPolicies } from '../task-policy.js';

/** The one place where a change of a task is committed, whoever acts: agents, operators, judges or time. */
@Injectable()
export class BoardService {
  constructor(
    private readonly changes: ChangeStore,
    private readonly agents: AgentsService,
    private readonly escrow: TaskEscrow,
    private readonly policies: TaskPolicies,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** An act on a task that is locked. It decides on a change, or on nothing where there is nothing to do. */
  async act<Locked extends Board, Decided extends Change | undefined>(
    tx: Tx,
    locked: Locked | Promise<Locked>,
    decide: (board: Locked, at: Date) => Decided,
  ): Promise<Decided> {
    const board = await locked;
    const change = decide(board, this.clock.now());
    if (change) await this.commit(tx, board, change);
    return change;
  }

  /** The same for what was claimed because it is due; nothing where somebody else has it just now. */
  async actOnDue(
    tx: Tx,
    claimed: Board | Promise<Board | undefined>,
    decide: (board: Board, at: Date) => Change | undefined,
  ): Promise<Change | undefined> {
    const board = await claimed;
    return board && this.act(tx, board, decide);
  }

  /** What is locked, once one of its parties is locked too and is suspended; nothing where it was reinstated since. */
  async whileSuspended(tx: Tx, agentId: string, locked: Promise<Board>): Promise<Board | undefined> {
    const board = await locked;
    return (await this.isSuspended(tx, agentId)) ? board : undefined;
  }

  /** Locked, so that it stays so until the commit. */
  async isSuspended(tx: Tx, agentId: string): Promise<boolean> {
    return (await this.agents.lock(tx, agentId)).status === 'suspended';
  }

  /** A task that was not there before. */
  async create(tx: Tx, decide: (at: Date) => Change): Promise<Change> {
    const change = decide(this.clock.now());
    await this.commit(tx, undefined, change);
    return change;
  }

  /** Asks what the installation adds to our rules, then saves, counts, records, and moves the money last. */
  private async commit(tx: Tx, board: Board | undefined, change: Change): Promise<void> {
    await this.askPolicies(tx, board, change);
    this.changes.save(tx, board, change);
    for (const { agentId, ...counted } of change.counters ?? []) this.agents.tally(tx, agentId, counted);
    this.outbox.record(tx, ...change.events);
    this.escrow.move(tx, change.task, change.money ?? []);
  }

  private async askPolicies(tx: Tx, board: Board | undefined, change: Change): Promise<void> {
    const { task, bids = [] } = change;
    if (task.revision !== board?.task.revision) await this.policies.beforeCreate(tx, task);
    if (!board) return;
    for (const bid of newBids(board, change)) await this.policies.beforeBid(tx, board.task, bid);
    if (task.acceptedBidId === board.task.acceptedBidId) return;
    const winner = bids.find(({ id }) => id === task.acceptedBidId)!;
    await this.refuseSuspended(tx, task, winner);
    await this.policies.beforeAccept(tx, task, winner);
  }

  /** A suspension and an accept that meet here are one after the other: their locks are those of the agents. */
  private async refuseSuspended(tx: Tx, { id, creatorId }: Task, { id: bidId, agentId }: Bid): Promise<void> {
    const ids = creatorId === SYSTEM_AGENT_ID ? [agentId] : [creatorId, agentId];
    for (const { id: party, status } of await this.agents.lockMany(tx, ids)) {
      if (status !== 'suspended') continue;
      throw party === agentId ? new BidderSuspended(bidId) : new CreatorSuspended(id);
    }
  }
}
