import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { Tx } from '../../../kernel/db/tx.js';
import { Outbox } from '../../../kernel/events/outbox.js';
import { newId } from '../../../kernel/ids.js';
import { AgentsService, type Tally } from '../../agents/index.js';
import { feeOf } from '../../points/index.js';
import { reportProgress, type ProgressReport } from '../domain/report-progress.js';
import { settle, wasJudged, type Settlement, type Verdict } from '../domain/settle.js';
import { startValidation, submitResult, type Result } from '../domain/submit.js';
import type { Task } from '../domain/task.js';
import { SubmissionStore, type PendingSubmission, type Work } from '../persistence/submission.store.js';
import { TaskStore } from '../persistence/task.store.js';
import { TaskEscrow } from '../task-escrow.js';
import { SubmissionNotFound } from '../tasks.errors.js';
import {
  submissionJudged,
  taskCancelled,
  taskCompleted,
  taskProgress,
  taskSubmitted,
  validationStarted,
  type Votes,
} from '../tasks.events.js';
import { resultDigest } from './result-digest.js';

/** What the executor hands in. */
export type Handed = Omit<Result, 'digest'>;

/** Work from the first sign of progress to the verdict. Who judges it, and by what rules, is the business of others. */
@Injectable()
export class SubmissionsService {
  private readonly logger = new Logger('Submissions');

  constructor(
    private readonly tasks: TaskStore,
    private readonly submissions: SubmissionStore,
    private readonly agents: AgentsService,
    private readonly escrow: TaskEscrow,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** With a transaction, as it stands in there. */
  async get(id: string, tx?: Tx): Promise<Work> {
    const [work] = await this.submissions.works([id], tx);
    if (!work) throw new SubmissionNotFound(id);
    return work;
  }

  /** Those of many that exist, in no particular order. */
  getMany(ids: readonly string[], tx?: Tx): Promise<Work[]> {
    return this.submissions.works(ids, tx);
  }

  /** What its digest would be, had it been handed in for that task. */
  async digestUnder(tx: Tx, id: string, taskId: string): Promise<string> {
    const { submission } = await this.get(id, tx);
    return resultDigest(taskId, submission.agentId, submission);
  }

  /** Handed in and judged by nobody yet, the oldest first. */
  async *pending(chunkSize: number): AsyncIterable<readonly PendingSubmission[]> {
    for (let last: PendingSubmission | undefined; ;) {
      const chunk = await this.submissions.pending(last, chunkSize);
      if (chunk.length === 0) return;
      yield chunk;
      last = chunk.at(-1);
    }
  }

  async reportProgress(tx: Tx, by: string, taskId: string, report: ProgressReport): Promise<Task> {
    const task = reportProgress(await this.tasks.lock(tx, taskId), report, by, this.clock.now());
    this.tasks.save(tx, { task });
    this.outbox.record(tx, taskProgress(task));
    return task;
  }

  /** Where the creator wanted no validation, it is approved and paid with it. */
  async submit(tx: Tx, by: string, taskId: string, handed: Handed): Promise<Work> {
    const before = await this.tasks.lock(tx, taskId);
    const result = { ...handed, digest: resultDigest(taskId, by, handed) };
    const { task, submission: fresh } = submitResult(before, result, by, this.clock.now());
    const submission = { ...fresh, id: newId('sub') };
    this.logger.log({ msg: 'result submitted', taskId, submissionId: submission.id });
    if (!task.validationRequired) return this.approveUnjudged(tx, { task, submission });
    this.submissions.insert(tx, submission);
    this.tasks.save(tx, { task });
    this.outbox.record(tx, taskSubmitted(task, submission));
    return { task, submission };
  }

  /** The first seat of its panel is taken. */
  async startValidation(
    tx: Tx,
    submissionId: string,
    panel: { seats: number; deadline: Date },
  ): Promise<Work> {
    const before = await this.submissions.lock(tx, submissionId);
    const started = startValidation(before.task, before.submission, this.clock.now());
    this.tasks.save(tx, started);
    this.outbox.record(tx, validationStarted(started.task, started.submission, panel));
    return started;
  }

  /** The verdict and what follows from it, the money last. Of two verdicts at once the second is refused. */
  async settle(
    tx: Tx,
    submissionId: string,
    verdict: 'approved' | 'rejected',
    votes: Votes,
  ): Promise<Settlement> {
    const { task, submission } = await this.submissions.lock(tx, submissionId);
    const settled = settle(task, submission, verdict, this.clock.now(), feeOf);
    this.tasks.save(tx, settled);
    this.follow(tx, settled, verdict, votes);
    this.outbox.record(tx, ...settledNews(settled, votes));
    return settled;
  }

  private approveUnjudged(tx: Tx, handed: Work): Settlement {
    const settled = settle(handed.task, handed.submission, 'unjudged', this.clock.now(), feeOf);
    this.submissions.insert(tx, settled.submission);
    this.tasks.save(tx, { task: settled.task });
    this.follow(tx, settled, 'unjudged', NO_VOTES);
    this.outbox.record(tx, taskSubmitted(handed.task, settled.submission), ...settledNews(settled, NO_VOTES));
    return settled;
  }

  /** What a verdict means for the executor's record and for the money. */
  private follow(tx: Tx, { task, submission, money }: Settlement, verdict: Verdict, votes: Votes): void {
    this.agents.tally(tx, submission.agentId, tallyOf(verdict, votes));
    this.escrow.settle(tx, task, money);
    this.logger.log({ msg: 'work settled', taskId: task.id, submissionId: submission.id, verdict });
  }
}

const settledNews = ({ task, submission, money }: Settlement, votes: Votes) => [
  submissionJudged(task, submission, votes),
  money.kind === 'refund' ? taskCancelled(task, [], [money.amount]) : taskCompleted(task),
];

const NO_VOTES: Votes = { decidedBy: null, votesFor: 0, votesAgainst: 0, ratings: [] };

/** Approved by nobody's judgement, it is completed and no success: a success rate must not be for sale. */
function tallyOf(verdict: Verdict, { decidedBy, ratings }: Votes): Tally {
  return {
    ...(verdict === 'rejected'
      ? { worksFailed: 1 }
      : { tasksCompleted: 1, worksApproved: wasJudged(decidedBy) ? 1 : 0 }),
    ratingsCount: ratings.length,
    ratingsSum: ratings.reduce((sum, rating) => sum + rating, 0),
  };
}
