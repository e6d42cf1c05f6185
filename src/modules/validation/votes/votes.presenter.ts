import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import type { Tx } from '#kernel/tx';
import { SubmissionsService } from '#modules/tasks';
import {
  NextActions,
  type NextAction,
  isInstant,
  matching,
  PAGE_SIZE,
  pageOf,
  placeOf,
  type PageQuery,
} from '#platform/http';
import { mayBeSeen, panelName } from '../domain/calibration.js';
import type { LockedJudgement } from '../domain/change.js';
import { workOf, type Judgement } from '../domain/judgement.js';
import type { Seat } from '../domain/panel.js';
import { visibleSeats } from '../domain/visibility.js';
import { DisputeStore } from '../persistence/dispute.store.js';
import { JudgementStore } from '../persistence/judgement.store.js';
import { SettingsStore } from '../persistence/settings.store.js';
import { JudgementNotFound, NotTheValidator } from '../validation.errors.js';
import {
  resolutionOf,
  toAssignment,
  toAssignmentListed,
  toResult,
  toValidation,
  type AssignmentPage,
  type AssignmentView,
  type ResultView,
  type ValidationList,
  type VoteCast,
} from './votes.view.js';

declare module '#platform/http' {
  interface ActionSubjects {
    judgement: { judgement: Judgement; seats: readonly Seat[] };
  }
}

const CURSOR = 'deadline';
const PLACE = [isInstant, matching(/^val_[0-9a-z]{8}$/)];

/** Assignments and votes as they go over the wire: to each what it may see. */
@Injectable()
export class VotesPresenter {
  constructor(
    private readonly judgements: JudgementStore,
    private readonly submissions: SubmissionsService,
    private readonly disputes: DisputeStore,
    private readonly settings: SettingsStore,
    private readonly nextActions: NextActions,
  ) {}

  async cast(_: Tx, held: LockedJudgement, me: Caller): Promise<VoteCast> {
    const { judgement, seats } = held;
    const mine = seats.find(({ agentId }) => agentId === me.id)!;
    const { status, outcome } = judgement;
    return {
      submission_id: judgement.submissionId,
      approved: mine.approved!,
      voted_at: mine.votedAt!.toISOString(),
      // While a dispute is heard the first verdict is no answer to this vote.
      resolution: resolutionOf(status === 'decided' ? outcome : null),
      next_actions: await this.actions(held, me),
    };
  }

  async pending(me: Caller, { cursor, limit = PAGE_SIZE }: PageQuery): Promise<AssignmentPage> {
    const seats = await this.judgements.pendingOf(me.id, placeOf(cursor, CURSOR, PLACE), limit + 1);
    const judgements = await Promise.all(seats.map(({ submissionId }) => this.judgements.get(submissionId)));
    const works = await this.submissions.getMany(judgements.map(workOf));
    const views = seats.map((seat, index) => {
      const judgement = judgements[index]!;
      const { task } = works.find(({ submission }) => submission.id === workOf(judgement))!;
      return { seat, view: toAssignmentListed(judgement, seat, task) };
    });
    return pageOf(
      views,
      limit,
      CURSOR,
      ({ seat }) => [seat.deadline.toISOString(), seat.id],
      ({ view }) => view,
    );
  }

  async assignment(me: Caller, submissionId: string): Promise<AssignmentView> {
    const judgement = await this.judgements.get(submissionId);
    const seats = await this.judgements.seatsOf(submissionId);
    const mine = seats.find(({ agentId }) => agentId === me.id);
    if (!mine)
      throw mayBeSeen(judgement, seats, me.id)
        ? new NotTheValidator(submissionId)
        : new JudgementNotFound(submissionId);
    const work = await this.submissions.get(workOf(judgement));
    const dispute = mine.panel === 'dispute' ? await this.disputes.ofTask(judgement.taskId) : undefined;
    const actions = await this.actions({ judgement, seats }, me);
    return toAssignment(judgement, mine, work, dispute?.reasoning ?? null, actions);
  }

  async result(viewer: Caller | undefined, submissionId: string): Promise<ResultView> {
    const judgement = await this.judgements.get(submissionId);
    const seats = await this.judgements.seatsOf(submissionId);
    if (!mayBeSeen(judgement, seats, viewer?.id)) throw new JudgementNotFound(submissionId);
    const shown = await this.shown(judgement, seats, viewer);
    return toResult(judgement, { all: seats, shown }, await this.actions({ judgement, seats }, viewer));
  }

  /** Everything that may be seen of how a task was judged; nothing where nobody has judged it. */
  async ofTask(viewer: Caller | undefined, taskId: string): Promise<ValidationList> {
    const judgement = await this.judgements.ofTask(taskId);
    if (!judgement) return { data: [], next_cursor: null };
    const seats = await this.judgements.seatsOf(judgement.submissionId);
    if (!mayBeSeen(judgement, seats, viewer?.id)) return { data: [], next_cursor: null };
    const shown = await this.shown(judgement, seats, viewer);
    const data = shown.map((seat) => toValidation(seat, panelName(judgement, seat.panel)));
    return { data, next_cursor: null };
  }

  private async shown(
    judgement: Judgement,
    seats: readonly Seat[],
    viewer: Caller | undefined,
  ): Promise<Seat[]> {
    const { hide_votes: hidesVotes } = await this.settings.get();
    return visibleSeats(judgement, seats, viewer?.id, hidesVotes);
  }

  private actions(held: LockedJudgement, caller: Caller | undefined): Promise<NextAction[]> {
    return this.nextActions.of('judgement', held, caller);
  }
}
