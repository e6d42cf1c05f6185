import { Injectable } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { SubmissionsService, TasksService, type Submission, type Task } from '#modules/tasks';
import { UnitOfWork } from '#platform/database';
import { type AnyEventOf, OnDomainEvents } from '#platform/messaging';
import { merged, taskChanges } from '../domain/contribution.js';
import { CountStore, type TaskRow } from '../persistence/count.store.js';

const TASK_NEWS = [
  'task.created',
  'task.updated',
  'task.bid_accepted',
  'task.submitted',
  'submission.validation_started',
  'submission.approved',
  'submission.rejected',
  'task.completed',
  'task.cancelled',
] as const;

type TaskNews = AnyEventOf<(typeof TASK_NEWS)[number]>;

/**
 * Counts what becomes of tasks. Each time it holds what was counted of a task against what the task is now, and adds
 * the difference: news that comes twice, or after newer news, changes nothing. Whatever waits is counted together, so that
 * the figures of a busy day are written once for all of it.
 */
@Injectable()
export class TaskCounts {
  constructor(
    private readonly tasks: TasksService,
    private readonly submissions: SubmissionsService,
    private readonly store: CountStore,
    private readonly work: UnitOfWork,
  ) {}

  /** Tasks are read under their locks, so the last to count one has the latest state, whatever clocks say. */
  @OnDomainEvents(TASK_NEWS, { subscriber: 'showcase-tasks' })
  async count(news: readonly TaskNews[]): Promise<void> {
    const ids = [...new Set(news.map(({ subject }) => subject))];
    const told = new Map(news.flatMap(verdictsIn));
    await this.work.run(async (tx) => {
      const counted = await this.store.lockTasks(tx, ids);
      const tasks = await this.tasks.getMany(ids, tx);
      const known = tasks.map((task) => knownOf(task, told.get(task.id), counted.get(task.id)));
      const results = await this.resultsOf(tx, known);
      const rows = known.map((each) => rowOf(each, results));
      this.store.keepTasks(tx, rows, counted);
      await this.store.add(tx, merged(rows.map((row) => taskChanges(counted.get(row.taskId), row))));
    });
  }

  /** Those of tasks that are completed by now and were not when they were counted. */
  private async resultsOf(tx: Tx, known: readonly Known[]): Promise<ReadonlyMap<string, Submission>> {
    const wanted = known.flatMap((each) => (isNewlyShown(each) ? [each.submissionId] : []));
    if (wanted.length === 0) return new Map();
    const works = await this.submissions.getMany(wanted, tx);
    return new Map(works.map(({ submission }) => [submission.id, submission]));
  }
}

/** What the news of a verdict has told, then or now: the votes are in it alone. Without any, nobody has judged. */
type Verdict = Pick<TaskRow, 'verdict' | 'submissionId'>;
const NO_VERDICT: Verdict = { verdict: null, submissionId: null };

function verdictsIn(news: TaskNews): [taskId: string, told: Verdict][] {
  if (news.name !== 'submission.approved' && news.name !== 'submission.rejected') return [];
  // The figures of verdicts count the first one; what an overturn makes of the task is read from the task.
  if (news.data.overturned) return [];
  const { submission_id: submissionId, votes_for: votesFor, votes_against: votesAgainst } = news.data;
  const outcome = news.name === 'submission.approved' ? 'approved' : 'rejected';
  const verdict =
    votesFor + votesAgainst > 0 ? ({ outcome, votesFor, votesAgainst, at: news.at } as const) : null;
  return [[news.subject, { verdict, submissionId }]];
}

interface Known extends Verdict {
  task: Task;
  counted: TaskRow | undefined;
}

const knownOf = (task: Task, told: Verdict | undefined, counted: TaskRow | undefined): Known => {
  const { verdict, submissionId } = told ?? counted ?? NO_VERDICT;
  return { task, counted, verdict, submissionId };
};

/** Everybody's once the task is completed, also where a dispute has overturned a rejection; and nobody's otherwise. */
const isShown = (known: Known): known is Known & { submissionId: string } =>
  known.task.status === 'completed' && known.submissionId !== null;

const wasShown = ({ counted }: Known): boolean =>
  counted?.status === 'completed' && counted.submissionId !== null;

const isNewlyShown = (known: Known): known is Known & { submissionId: string } =>
  isShown(known) && !wasShown(known);

type Shown = Pick<TaskRow, 'resultUrl' | 'resultExcerpt'>;
const NOTHING_SHOWN: Shown = { resultUrl: null, resultExcerpt: null };
const EXCERPT_LENGTH = 500;

function shownOf(known: Known, results: ReadonlyMap<string, Submission>): Shown {
  if (!isShown(known)) return NOTHING_SHOWN;
  if (wasShown(known)) return known.counted!;
  const { resultUrl, resultContent } = results.get(known.submissionId)!;
  return { resultUrl, resultExcerpt: resultContent?.slice(0, EXCERPT_LENGTH).toWellFormed() ?? null };
}

function rowOf(known: Known, results: ReadonlyMap<string, Submission>): TaskRow {
  const { task, verdict, submissionId } = known;
  const { resultUrl, resultExcerpt } = shownOf(known, results);
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
