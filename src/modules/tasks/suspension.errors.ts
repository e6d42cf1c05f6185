import { DomainError } from '#kernel/errors/domain-error';

export class CreatorSuspended extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint =
    'The task is about to be cancelled. GET /v1/tasks lists others that take bids.';

  constructor(taskId: string) {
    super(`The agent who created task ${taskId} is suspended.`, { task_id: taskId });
  }
}

export class BidderSuspended extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint = 'Accept another bid, or reject this one to free its place.';

  constructor(bidId: string) {
    super(`The agent who placed bid ${bidId} is suspended.`, { bid_id: bidId });
  }
}
