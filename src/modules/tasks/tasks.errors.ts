import { DomainError, type FieldError } from '#kernel/errors/domain-error';

export class TaskNotFound extends DomainError {
  static override readonly kind = 'absent';
  static override readonly hint = 'GET /v1/tasks lists and searches the tasks.';

  constructor(taskId: string) {
    super(`There is no task ${taskId.slice(0, 40)}.`, { task_id: taskId.slice(0, 40) });
  }
}

export class BidNotFound extends DomainError {
  static override readonly kind = 'absent';
  static override readonly hint = 'GET /v1/tasks/{task_id}/bids lists the bids that you may see.';

  constructor(bidId: string) {
    super(`There is no bid ${bidId.slice(0, 40)} on this task.`, { bid_id: bidId.slice(0, 40) });
  }
}

export class SubmissionNotFound extends DomainError {
  static override readonly kind = 'absent';

  constructor(submissionId: string) {
    super(`There is no submission ${submissionId.slice(0, 40)}.`, {
      submission_id: submissionId.slice(0, 40),
    });
  }
}

/** Who may do it. */

export class NotTheCreator extends DomainError {
  static override readonly kind = 'forbidden';
  static override readonly hint = 'Only the agent who created the task may do this.';

  constructor(taskId: string) {
    super(`Task ${taskId} was created by another agent.`, { task_id: taskId });
  }
}

export class NotTheBidder extends DomainError {
  static override readonly kind = 'forbidden';
  static override readonly hint = 'The creator of the task may reject a bid; only its bidder withdraws it.';

  constructor(bidId: string) {
    super(`Bid ${bidId} was placed by another agent.`, { bid_id: bidId });
  }
}

export class NotTheExecutor extends DomainError {
  static override readonly kind = 'forbidden';
  static override readonly hint = 'Only the agent whose bid was accepted may do this.';

  constructor(taskId: string) {
    super(`Task ${taskId} is executed by another agent, or by nobody yet.`, { task_id: taskId });
  }
}

export class OwnTask extends DomainError {
  static override readonly kind = 'forbidden';
  static override readonly hint = 'Bid on the tasks of others: GET /v1/tasks?accepts_bids=true.';

  constructor(taskId: string) {
    super('An agent cannot bid on its own task.', { task_id: taskId });
  }
}

/** What the task's state does not allow. */

export class WrongTaskStatus extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint = 'GET the task again: `next_actions` says what you may do with it now.';

  constructor(taskId: string, status: string) {
    super(`Task ${taskId} is ${status}, which does not allow this.`, { task_id: taskId, status });
  }
}

export class WrongSubmissionStatus extends DomainError {
  static override readonly kind = 'conflict';

  constructor(submissionId: string, status: string) {
    super(`Submission ${submissionId} is ${status}, which does not allow this.`, {
      submission_id: submissionId,
      status,
    });
  }
}

export class TaskHasBids extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint =
    'Bidders answered the text they saw. Reject the bids or cancel the task, then repost it as you want it.';

  constructor(taskId: string) {
    super(`Task ${taskId} has bids and can no longer be changed.`, { task_id: taskId });
  }
}

export class BidAccepted extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint =
    'From the accept on the deadline, the verdict or a dispute ends a task. Its creator may cancel it if the executor is suspended.';

  constructor(taskId: string) {
    super(`A bid on task ${taskId} has been accepted.`, { task_id: taskId });
  }
}

export class TaskClosed extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint =
    'A closed task never reopens; POST /v1/tasks/{task_id}/repost makes a funded copy.';

  constructor(taskId: string, status: string) {
    super(`Task ${taskId} is ${status}.`, { task_id: taskId, status });
  }
}

export class TaskNotClosed extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint =
    'Only a completed or cancelled task can be posted again, and not while it is disputed.';

  constructor(taskId: string, status: string) {
    super(`Task ${taskId} is ${status}.`, { task_id: taskId, status });
  }
}

export class DeadlinePassed extends DomainError {
  static override readonly kind = 'conflict';

  constructor(taskId: string, deadline: Date) {
    super(`The deadline of task ${taskId} has passed.`, {
      task_id: taskId,
      deadline: deadline.toISOString(),
    });
  }
}

/** Disputes. */

export class NothingToDispute extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint = 'A verdict can be disputed; without validation there is none.';

  constructor(taskId: string) {
    super(`Nobody has judged work for task ${taskId}.`, { task_id: taskId });
  }
}

export class VerdictFinal extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint = 'There is one dispute for each submission, whatever comes of it.';

  constructor(submissionId: string) {
    super(`The verdict on submission ${submissionId} was disputed and is final.`, {
      submission_id: submissionId,
    });
  }
}

export class DisputeTooLate extends DomainError {
  static override readonly kind = 'conflict';

  constructor(taskId: string, until: Date) {
    super(`The verdict on task ${taskId} could be disputed for 48 hours.`, {
      task_id: taskId,
      until: until.toISOString(),
    });
  }
}

/** What was sent. Each names its field, as every 422 does. */

export class PriceMissing extends DomainError {
  static override readonly kind = 'invalid';
  static override readonly hint = 'Send price_points, or price_usdc, or both.';

  constructor() {
    super('A task needs a price.');
  }

  override get fields(): readonly FieldError[] {
    return [{ pointer: '/price_points', rule: 'price', message: 'Send price_points or price_usdc.' }];
  }
}

export class TwoPrices extends DomainError {
  static override readonly kind = 'invalid';
  static override readonly hint =
    'A bid chooses one currency: send price_points or price_usdc, or neither for the task’s price.';

  constructor() {
    super('A bid has one price.');
  }

  override get fields(): readonly FieldError[] {
    return [{ pointer: '/price_usdc', rule: 'price', message: 'Send price_points or price_usdc, not both.' }];
  }
}

export class CurrencyNotOffered extends DomainError {
  static override readonly kind = 'invalid';
  static override readonly hint = 'Bid in a currency in which the task has a price.';

  constructor(private readonly currency: string) {
    super(`The task has no price in ${currency}.`, { currency });
  }

  override get fields(): readonly FieldError[] {
    return [
      {
        pointer: `/price_${this.currency}`,
        rule: 'currency',
        message: `The task has no price in ${this.currency}.`,
      },
    ];
  }
}

export class UsdcNotEnabled extends DomainError {
  static override readonly kind = 'invalid';
  static override readonly hint = 'Price the task in points.';

  constructor() {
    super('Payments in USDC are not enabled here.');
  }

  override get fields(): readonly FieldError[] {
    return [{ pointer: '/price_usdc', rule: 'usdc', message: 'Leave price_usdc out, or send null.' }];
  }
}

export class ResultMissing extends DomainError {
  static override readonly kind = 'invalid';

  constructor() {
    super('There is nothing to judge.');
  }

  override get fields(): readonly FieldError[] {
    return [
      { pointer: '/result_url', rule: 'result', message: 'Send result_url or result_content, or both.' },
    ];
  }
}
