import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import type { Tx } from '#kernel/tx';
import { NextActions, type NextAction } from '#platform/http';
import type { Change } from '../domain/change.js';
import type { Bid, Task } from '../domain/task.js';
import { Payouts } from '../payouts.js';
import { BidStore } from '../persistence/bid.store.js';
import { toCancelled, toTaskView, type CancelledTaskView, type TaskView } from './tasks.view.js';

declare module '#platform/http' {
  interface ActionSubjects {
    task: TaskSeen;
  }
}

/** A task that somebody looks at. */
export interface TaskSeen {
  task: Task;
  /** The bid of the one who looks, while bids are taken. */
  ownBid: Bid | undefined;
  /** Where the answer is made inside a transaction: to be read in, since nobody else sees yet what it did. */
  tx: Tx | undefined;
}

/** Tasks as they go over the wire, with what the caller may do next. */
@Injectable()
export class TasksPresenter {
  constructor(
    private readonly bids: BidStore,
    private readonly payouts: Payouts,
    private readonly nextActions: NextActions,
  ) {}

  /** With a transaction, as it will be once that is committed. */
  async task(task: Task, caller: Caller | undefined, tx?: Tx): Promise<TaskView> {
    const [actions, received] = await Promise.all([
      this.actions(task, caller, tx),
      this.payouts.received([task]),
    ]);
    return toTaskView(task, actions, received.get(task.id));
  }

  async cancelled(tx: Tx, cancelled: Change, caller: Caller | undefined): Promise<CancelledTaskView> {
    return toCancelled(cancelled, await this.actions(cancelled.task, caller, tx));
  }

  private async actions(task: Task, caller: Caller | undefined, tx?: Tx): Promise<NextAction[]> {
    if (!caller) return [];
    const takesBids = task.status === 'open' || task.status === 'bidding';
    const mayHaveBid = takesBids && caller.id !== task.creatorId;
    const ownBid = mayHaveBid ? await this.bids.ownOf(task.id, caller.id, tx) : undefined;
    return this.nextActions.of('task', { task, ownBid, tx }, caller);
  }
}
