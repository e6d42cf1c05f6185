import { after } from '../../../kernel/clock.js';
import type { Bid, Submission, Task } from './task.js';

/** Work under other names, as it stood while it was judged. */
export interface CopiedWork {
  task: Task;
  submission: Submission;
  /** The oldest first. */
  bids: Bid[];
}

/** What it is called, and when it is to have happened. */
export interface CopyNames {
  taskId: string;
  a2aTaskId: string;
  submissionId: string;
  digest: string;
  /** Of a bid, by the name it has on the board. */
  bidId: (id: string) => string;
  /** Of an event, by its own. */
  eventId: (id: string) => string;
  /** What happened then happened so much later. */
  laterByMs: number;
  judgedSince: Date;
}

/** What has become of it since then is not told. */
export function copyWork({ task, submission, bids }: CopiedWork, names: CopyNames): CopiedWork {
  const later = laterBy(names.laterByMs);
  return {
    task: {
      ...task,
      id: names.taskId,
      a2aTaskId: names.a2aTaskId,
      status: 'validating',
      closeReason: null,
      deadline: later(task.deadline)!,
      acceptedBidId: task.acceptedBidId && names.bidId(task.acceptedBidId),
      acceptedAt: later(task.acceptedAt),
      payoutState: null,
      payoutAmount: null,
      payoutFee: null,
      payoutDueAt: null,
      overturned: false,
      progressAt: later(task.progressAt),
      warnedAt: later(task.warnedAt),
      closedAt: null,
      createdAt: later(task.createdAt)!,
      updatedAt: names.judgedSince,
    },
    submission: {
      ...submission,
      id: names.submissionId,
      taskId: names.taskId,
      digest: names.digest,
      status: 'validating',
      submittedAt: later(submission.submittedAt)!,
      decidedAt: null,
      disputedAt: null,
    },
    bids: bids.map((bid) => ({
      ...bid,
      id: names.bidId(bid.id),
      taskId: names.taskId,
      createdAt: later(bid.createdAt)!,
      decidedAt: later(bid.decidedAt),
    })),
  };
}

const laterBy =
  (ms: number) =>
  (at: Date | null): Date | null =>
    at && after(at, ms);
