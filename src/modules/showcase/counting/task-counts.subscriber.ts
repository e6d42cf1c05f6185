import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../kernel/db/unit-of-work.js';
import type { RecordedEvent } from '../../../kernel/events/domain-events.js';
import { OnDomainEvent } from '../../../kernel/events/on-domain-event.decorator.js';
import { SubmissionsService, TasksService, type Task } from '../../tasks/index.js';
import { taskChanges } from '../domain/contribution.js';
import { CountStore, type TaskRow } from '../persistence/count.store.js';

type Judgement = RecordedEvent<'submission.approved' | 'submission.rejected'>;

/**
 * Counts what becomes of tasks. Each time it holds what was counted of the task against what the task is now, and adds
 * the difference: news that comes twice, or after newer news, changes nothing.
 */
@Injectable()
export class TaskCounts {
  constructor(
    private readonly tasks: TasksService,
    private readonly submissions: SubmissionsService,
    private readonly store: CountStore,
    private readonly work: UnitOfWork,
  ) {}

  @OnDomainEvent(
    [
      'task.created',
      'task.updated',
      'task.bid_accepted',
      'task.submitted',
      'submission.validation_started',
      'task.completed',
      'task.cancelled',
    ],
    { subscriber: 'showcase-tasks' },
  )
  async count({ subject }: { subject: string }): Promise<void> {
    await this.catchUp(subject);
  }

  /** The votes are in the news of the verdict alone. Without any, nobody has judged. */
  @OnDomainEvent(['submission.approved', 'submission.rejected'], { subscriber: 'showcase-tasks' })
  async countVerdict({ subject, name, data, at }: Judgement): Promise<void> {
    const { submission_id: submissionId, votes_for: votesFor, votes_against: votesAgainst } = data;
    const outcome = name === 'submission.approved' ? 'approved' : 'rejected';
    const verdict = votesFor + votesAgainst > 0 ? ({ outcome, votesFor, votesAgainst, at } as const) : null;
    await this.catchUp(subject, { verdict, submissionId });
  }

  private async catchUp(taskId: string, told?: Known): Promise<void> {
    const task = await this.tasks.get(taskId);
    await this.work.run(async (tx) => {
      const before = await this.store.lockTask(tx, taskId);
      if (before && before.updatedAt > task.updatedAt) return;
      const known = told ?? before ?? NOTHING_KNOWN;
      const now = rowOf(task, known, await this.resultOf(task, known, before));
      await this.store.keepTask(tx, now, before !== undefined);
      await this.store.add(tx, taskChanges(before, now));
    });
  }

  /** Everybody's once the task is completed, also where a dispute has overturned a rejection; and nobody's otherwise. */
  private async resultOf(task: Task, { submissionId }: Known, before: TaskRow | undefined): Promise<Shown> {
    if (task.status !== 'completed' || submissionId === null) return NOTHING_SHOWN;
    if (before?.status === 'completed' && before.submissionId !== null) return before;
    const { submission } = await this.submissions.get(submissionId);
    return {
      resultUrl: submission.resultUrl,
      resultExcerpt: submission.resultContent?.slice(0, EXCERPT_LENGTH).toWellFormed() ?? null,
    };
  }
}

/** What the news of a verdict has told, then or now. */
type Known = Pick<TaskRow, 'verdict' | 'submissionId'>;
const NOTHING_KNOWN: Known = { verdict: null, submissionId: null };

type Shown = Pick<TaskRow, 'resultUrl' | 'resultExcerpt'>;
const NOTHING_SHOWN: Shown = { resultUrl: null, resultExcerpt: null };
const EXCERPT_LENGTH = 500;

function rowOf(task: Task, { verdict, submissionId }: Known, { resultUrl, resultExcerpt }: Shown): TaskRow {
  return {
    taskId: task.id,
    title: task.title,
    category: task.category,
    status: task.status,
    creatorId: task.creatorId,
    executorId: task.executorId,
    ...priceOf(task),
    earned: task.payoutState === 'paid' ? (task.payoutAmount ?? '0') : '0',
    verdict,
    submissionId,
    resultUrl,
    resultExcerpt,
    createdAt: task.createdAt,
    updatedAt: task.updatedAt,
    closedAt: task.closedAt,
  };
}

/** What was agreed; before that what is offered, in points where both are. */
function priceOf(task: Task): Pick<TaskRow, 'currency' | 'price'> {
  const { acceptedCurrency, acceptedPrice, pricePoints, priceUsdc } = task;
  if (acceptedCurrency && acceptedPrice) return { currency: acceptedCurrency, price: acceptedPrice };
  return pricePoints === null
    ? { currency: 'usdc', price: priceUsdc ?? '0' }
    : { currency: 'points', price: pricePoints };
}
