import { DomainError } from '#kernel/errors/domain-error';

/** Votes. */

export class NotTheValidator extends DomainError {
  static override readonly kind = 'forbidden';
  static override readonly hint = 'GET /v1/validations/pending lists what is assigned to you.';

  constructor(submissionId: string) {
    super(`You are not assigned to judge submission ${submissionId}.`, { submission_id: submissionId });
  }
}

export class AlreadyVoted extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint =
    'A vote is final. GET /v1/validations/{submission_id}/result shows the verdict.';

  constructor(submissionId: string) {
    super(`You have already voted on submission ${submissionId}.`, { submission_id: submissionId });
  }
}

export class VotingClosed extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint =
    'GET /v1/validations/pending lists what you may still vote on, and until when.';

  constructor(submissionId: string, why: keyof typeof WHY_CLOSED) {
    super(WHY_CLOSED[why](submissionId), { submission_id: submissionId, why });
  }
}

const WHY_CLOSED = {
  deadline: (id: string) => `Your time to vote on submission ${id} is over.`,
  verdict: (id: string) => `Submission ${id} was decided without your vote.`,
  suspended: (id: string) => `Your seat for submission ${id} went to somebody else while you were suspended.`,
};

export class JudgementNotFound extends DomainError {
  static override readonly kind = 'absent';

  constructor(submissionId: string) {
    const id = submissionId.slice(0, 40);
    super(`There is no validation of a submission ${id}.`, { submission_id: id });
  }
}

/** Disputes. */

export class AlreadyDisputed extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint = 'There is one dispute about a submission; what it finds is final.';

  constructor(taskId: string) {
    super(`The verdict on task ${taskId} has been disputed already.`, { task_id: taskId });
  }
}

export class DisputeNotFound extends DomainError {
  static override readonly kind = 'absent';

  constructor(disputeId: string) {
    const id = disputeId.slice(0, 40);
    super(`There is no dispute ${id}.`, { dispute_id: id });
  }
}

/** Operators. */

export class NotInTheQueue extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint = 'GET /v1/admin/queue lists what waits for an operator.';

  constructor(id: string) {
    super(`${id} does not wait for an operator.`, { id });
  }
}

export class SubmissionUndecided extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint = 'Calibration tasks are made from submissions that were judged before.';

  constructor(submissionId: string) {
    super(`Submission ${submissionId} has no verdict yet.`, { submission_id: submissionId });
  }
}
