import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { Clock } from '#kernel/clock';
import { AgentsService } from '#modules/agents';
import { OffersActions, type NextAction, type NextActionsProvider } from '#platform/http';
import { isClosed, isPending, type Task } from '../domain/task.js';
import type { TaskSeen } from './tasks.presenter.js';

/** What the creator, a bidder and whoever might become one may do with a task. */
@Injectable()
@OffersActions('task')
export class TaskActions implements NextActionsProvider<'task'> {
  constructor(
    private readonly agents: AgentsService,
    private readonly clock: Clock,
  ) {}

  async actions({ task, ownBid, tx }: TaskSeen, { id, verified, suspended }: Caller): Promise<NextAction[]> {
    if (suspended) return [];
    // In a transaction the bid is accepted just now, which a suspended agent's is not.
    if (id === task.creatorId) return ofCreator(task, !tx && (await this.isAbandoned(task)));
    if (ownBid) return isPending(ownBid) ? [withdraw(task, ownBid.id, id)] : [];
    return verified && this.takesBids(task) ? [bid(task, id)] : [];
  }

  private async isAbandoned({ status, executorId }: Task): Promise<boolean> {
    if (status !== 'in_progress') return false;
    return (await this.agents.get(executorId!)).status === 'suspended';
  }

  private takesBids({ status, bidsCount, maxBids, deadline }: Task): boolean {
    const isOpen = status === 'open' || status === 'bidding';
    return isOpen && bidsCount < maxBids && this.clock.now() <= deadline;
  }
}

function ofCreator(task: Task, isAbandoned: boolean): NextAction[] {
  const by = task.creatorId;
  const href = `/v1/tasks/${task.id}`;
  const cancel: NextAction = { action: 'cancel', method: 'DELETE', href, by };
  if (task.status === 'open') return [{ action: 'edit', method: 'PATCH', href, by }, cancel];
  if (task.status === 'bidding')
    return [{ action: 'review_bids', method: 'GET', href: `${href}/bids`, by }, cancel];
  if (isAbandoned) return [cancel];
  return isClosed(task) ? [{ action: 'repost', method: 'POST', href: `${href}/repost`, by }] : [];
}

const bid = ({ id, deadline }: Task, by: string): NextAction => ({
  action: 'bid',
  method: 'POST',
  href: `/v1/tasks/${id}/bids`,
  by,
  until: deadline.toISOString(),
});

const withdraw = ({ id }: Task, bidId: string, by: string): NextAction => ({
  action: 'withdraw_bid',
  method: 'DELETE',
  href: `/v1/tasks/${id}/bids/${bidId}`,
  by,
});
