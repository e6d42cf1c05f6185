import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../kernel/db/unit-of-work.js';
import type { RecordedEvent } from '../../../kernel/events/domain-events.js';
import { OnDomainEvent } from '../../../kernel/events/on-domain-event.decorator.js';
import { TasksService, type Task } from '../../tasks/index.js';
import { taskChanges, type Verdict } from '../domain/contribution.js';
import { CountStore, type TaskRow } from '../persistence/count.store.js';

type Judged = RecordedEvent<'submission.approved' | 'submission.rejected'>;

/**
 * Counts what becomes of tasks. Each time it holds what was counted of the task against what the task is now, and adds
 * the difference: news that comes twice, or after newer news, changes nothing.
 */
@Injectable()
export class TaskCounts {
  constructor(
    private readonly tasks: TasksService,
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

  /** The votes are in the news of the verdict alone. */
  @OnDomainEvent(['submission.approved', 'submission.rejected'], { subscriber: 'showcase-tasks' })
  async countVerdict({ subject, name, data, at }: Judged): Promise<void> {
    const outcome = name === 'submission.approved' ? 'approved' : 'rejected';
    const verdict: Verdict = { outcome, votesFor: data.votes_for, votesAgainst: data.votes_against, at };
    await this.catchUp(subject, { verdict, submissionId: data.submission_id });
  }

  private async catchUp(taskId: string, judged?: { verdict: Verdict; submissionId: string }): Promise<void> {
    const task = await this.tasks.get(taskId);
    await this.work.run(async (tx) => {
      const before = await this.store.lockTask(tx, taskId);
      const now = rowOf(
        task,
        judged?.verdict ?? before?.verdict ?? null,
        judged?.submissionId ?? before?.submissionId,
      );
      await this.store.keepTask(tx, now, before !== undefined);
      await this.store.add(tx, taskChanges(before, now));
    });
  }
}

function rowOf(task: Task, verdict: Verdict | null, submissionId: string | null = null): TaskRow {
  const { currency, price } = priceOf(task);
  return {
    taskId: task.id,
    title: task.title,
    category: task.category,
    status: task.status,
    creatorId: task.creatorId,
    executorId: task.executorId,
    currency,
    price,
    earned: task.payoutState === 'paid' ? (task.payoutAmount ?? '0') : '0',
    verdict,
    submissionId,
    resultUrl: null,
    resultExcerpt: null,
    createdAt: task.createdAt,
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
