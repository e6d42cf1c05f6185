import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { Tx } from '../../../kernel/db/tx.js';
import { Outbox } from '../../../kernel/events/outbox.js';
import { AgentsService, type Tally } from '../../agents/index.js';
import { feeOf } from '../../points/index.js';
import { openDispute, overturnVerdict, upholdVerdict, type Resolution } from '../domain/dispute.js';
import { agreedPrice } from '../domain/price.js';
import { wasJudged, type VerdictBy } from '../domain/settle.js';
import type { Submission } from '../domain/task.js';
import { SubmissionStore, type Work } from '../persistence/submission.store.js';
import { TaskStore } from '../persistence/task.store.js';
import { TaskEscrow } from '../task-escrow.js';
import { WrongTaskStatus } from '../tasks.errors.js';
import { submissionJudged, taskCancelled, taskCompleted, taskUpdated, type Votes } from '../tasks.events.js';

/** How those who heard a dispute decided it, and who had found the verdict that was contested. */
export interface Hearing extends Votes {
  decidedBy: VerdictBy;
  contested: VerdictBy;
}

/**
 * What a dispute does to a task and its money. Who judges it and what it costs is known to who opens it.
 */
@Injectable()
export class DisputedWork {
  private readonly logger = new Logger('DisputedWork');

  constructor(
    private readonly tasks: TaskStore,
    private readonly submissions: SubmissionStore,
    private readonly agents: AgentsService,
    private readonly escrow: TaskEscrow,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** By the one whom the verdict has gone against. What is held for the task stays held. */
  async open(tx: Tx, by: string, taskId: string): Promise<Work> {
    const before = await this.tasks.lock(tx, taskId);
    const judged = await this.submissions.ofTask(tx, taskId);
    const { task, submission } = openDispute(before, judged, by, this.clock.now());
    this.tasks.save(tx, { task, submission });
    this.outbox.record(tx, taskUpdated(task));
    return { task, submission };
  }

  /** An approval that silence had given is a success from now on, where somebody has judged it here. */
  async uphold(tx: Tx, taskId: string, disputeId: string, heard: Hearing): Promise<Resolution> {
    const { task, submission } = await this.lock(tx, taskId);
    const upheld = upholdVerdict(task, submission, this.clock.now());
    const isNewSuccess =
      upheld.submission.status === 'approved' && !wasJudged(heard.contested) && wasJudged(heard.decidedBy);
    const tally = { worksApproved: isNewSuccess ? 1 : 0, ...ratingsTally(heard.ratings) };
    this.end(tx, upheld, disputeId, tally);
    this.outbox.record(tx, endOf(upheld, disputeId));
    return upheld;
  }

  /** The executor's counters become those of the other outcome; the ratings that it has stay. */
  async overturn(tx: Tx, taskId: string, disputeId: string, heard: Hearing): Promise<Resolution> {
    const { task, submission } = await this.lock(tx, taskId);
    const overturned = overturnVerdict(task, submission, this.clock.now(), feeOf);
    const tally = { ...correctionOf(overturned.submission, heard), ...ratingsTally(heard.ratings) };
    this.end(tx, overturned, disputeId, tally);
    this.outbox.record(
      tx,
      submissionJudged(overturned.task, overturned.submission, heard, true),
      endOf(overturned, disputeId),
    );
    return overturned;
  }

  private end(tx: Tx, resolved: Resolution, disputeId: string, tally: Tally): void {
    const { task, submission, money } = resolved;
    this.tasks.save(tx, resolved);
    this.agents.tally(tx, submission.agentId, tally);
    this.escrow.resolve(tx, task, disputeId, money);
    this.logger.log({ msg: 'dispute ended', taskId: task.id, disputeId, status: task.status });
  }

  private async lock(tx: Tx, taskId: string): Promise<Work> {
    const task = await this.tasks.lock(tx, taskId);
    if (task.status !== 'disputed') throw new WrongTaskStatus(taskId, task.status);
    return { task, submission: (await this.submissions.ofTask(tx, taskId))! };
  }
}

function endOf({ task, submission, money }: Resolution, disputeId: string) {
  if (submission.status === 'approved') return taskCompleted(task, disputeId);
  const goesBack = money.kind === 'refund' || money.kind === 'take_back';
  return taskCancelled(task, [], goesBack ? [agreedPrice(task)!] : [], disputeId);
}

const ratingsTally = (ratings: readonly number[]): Tally => ({
  ratingsCount: ratings.length,
  ratingsSum: ratings.reduce((sum, rating) => sum + rating, 0),
});

/** What was counted for the first verdict is taken back, and the other outcome counted. */
function correctionOf({ status }: Submission, { contested }: Hearing): Tally {
  if (status === 'approved') return { tasksCompleted: 1, worksApproved: 1, worksFailed: -1 };
  return { tasksCompleted: -1, worksApproved: wasJudged(contested) ? -1 : 0, worksFailed: 1 };
}
