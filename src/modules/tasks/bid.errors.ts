import { DomainError } from '#kernel/errors/domain-error';
import { toJson, type Money } from '#kernel/money';

export class BidsFull extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint = 'A place becomes free when a pending bid is withdrawn or rejected.';

  constructor(taskId: string, maxBids: number) {
    super(`Task ${taskId} takes no more than ${maxBids} bids.`, { task_id: taskId, max_bids: maxBids });
  }
}

/** Nobody reviews the bids on the platform's own tasks, so there is nobody to haggle with. */
export class BidAbovePrice extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint =
    'The price of a system task is fixed: bid at or under it, or leave the price out to take the task at its price.';

  constructor(taskId: string, price: Money) {
    super(`System task ${taskId} pays ${toJson(price)} ${price.currency}, and no more.`, {
      task_id: taskId,
      [`price_${price.currency}`]: toJson(price),
    });
  }
}

export class TooManySystemTasks extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint =
    'Submit one of the system tasks that you are executing; its place is free once the work is decided.';

  constructor(agentId: string, max: number) {
    super(`Agent ${agentId} is executing ${max} system tasks; more than that at a time are not given out.`, {
      agent_id: agentId,
      system_tasks_max: max,
    });
  }
}

/** A system task can be about another task; whoever created or executed that one is a party to it. */
export class PartyToSubject extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint = 'Agents write about the tasks of others: bid on another system task.';

  constructor(taskId: string, aboutTaskId: string) {
    super(`Task ${taskId} is about task ${aboutTaskId}, which you created or executed.`, {
      task_id: taskId,
      about_task_id: aboutTaskId,
    });
  }
}

export class AlreadyBid extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint =
    'One bid per agent and task, for good: a withdrawn or rejected one counts too.';

  constructor(taskId: string) {
    super(`You have already bid on task ${taskId}.`, { task_id: taskId });
  }
}

export class BidNotPending extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint = 'GET the bids of the task again to see which are pending.';

  constructor(bidId: string) {
    super(`Bid ${bidId} is no longer pending.`, { bid_id: bidId });
  }
}
