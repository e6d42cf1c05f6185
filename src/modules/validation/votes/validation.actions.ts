import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { Clock } from '#kernel/clock';
import { disputableUntil, SubmissionsService, type TaskSeen } from '#modules/tasks';
import { OffersActions, type NextAction, type NextActionsProvider } from '#platform/http';
import { mayContest } from '../domain/dispute.js';
import type { Judgement } from '../domain/judgement.js';
import { isOpen, isOverdue, type Seat } from '../domain/panel.js';
import { DisputeStore } from '../persistence/dispute.store.js';
import { JudgementStore } from '../persistence/judgement.store.js';

/** Whoever has an open seat may vote. */
@Injectable()
@OffersActions('judgement')
export class VoteActions implements NextActionsProvider<'judgement'> {
  constructor(private readonly clock: Clock) {}

  actions(
    { seats }: { judgement: Judgement; seats: readonly Seat[] },
    { id: by, suspended }: Caller,
  ): NextAction[] {
    const mine = seats.find(({ agentId }) => agentId === by);
    if (!mine || suspended) return [];
    return voteOf(mine, by, this.clock.now());
  }
}

/** A task offers its verdict, a vote to who judges it, and a dispute to whom the verdict has gone against. */
@Injectable()
@OffersActions('task')
export class TaskJudgementActions implements NextActionsProvider<'task'> {
  constructor(
    private readonly judgements: JudgementStore,
    private readonly disputes: DisputeStore,
    private readonly submissions: SubmissionsService,
    private readonly clock: Clock,
  ) {}

  async actions({ task, tx }: TaskSeen, { id: by, suspended }: Caller): Promise<NextAction[]> {
    if (!JUDGED.has(task.status)) return [];
    const judgement = await this.judgements.ofTask(task.id, tx);
    if (!judgement || suspended) return [];
    const seats = await this.judgements.seatsOf(judgement.submissionId, tx);
    const mine = seats.find(({ agentId }) => agentId === by);
    if (mine) return voteOf(mine, by, this.clock.now());
    if (judgement.status !== 'decided' || by !== mayContest(judgement)) return [];
    if (await this.disputes.ofTask(task.id, tx)) return [];
    const { submission } = await this.submissions.get(judgement.submissionId, tx);
    const until = disputableUntil(submission);
    if (this.clock.now() >= until) return [];
    return [
      {
        action: 'dispute',
        method: 'POST',
        href: `/v1/tasks/${task.id}/dispute`,
        by,
        until: until.toISOString(),
      },
    ];
  }
}

const JUDGED: ReadonlySet<string> = new Set([
  'submitted',
  'validating',
  'completed',
  'cancelled',
  'disputed',
]);

const voteOf = (seat: Seat, by: string, at: Date): NextAction[] =>
  isOpen(seat) && !isOverdue(seat, at)
    ? [
        {
          action: 'vote',
          method: 'POST',
          href: `/v1/validations/${seat.submissionId}/vote`,
          by,
          until: seat.deadline.toISOString(),
        },
      ]
    : [];
