import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import { Showcase } from '#modules/showcase';
import {
  BidsPresenter,
  SubmissionsPresenter,
  TaskHistories,
  TaskLists,
  TaskNotFound,
  TasksPresenter,
  TasksService,
  type Task,
} from '#modules/tasks';
import { DisputesService, VotesPresenter } from '#modules/validation';
import { cursorOf } from '#platform/http';
import { isTaskId, tasksQueryOf } from '../text/page-query.js';
import type { TaskListShown } from '../views/task-list.shown.js';
import type { TaskShown } from '../views/task.shown.js';
import { forgivingCursor } from './forgiving-cursor.js';
import { moneyOf } from './money-bar.js';
import { NamedAgents } from './named-agents.js';
import { rememberedOf, timelineOf } from './timeline.js';

/** The last ones: who comes late wants to know how it ended. */
const EVENTS_SHOWN = 200;
const BIDS_SHOWN = 100;

/** What the pages of the board show, read from the front doors. */
@Injectable()
export class BoardReader {
  constructor(
    private readonly tasks: TasksService,
    private readonly lists: TaskLists,
    private readonly present: TasksPresenter,
    private readonly bids: BidsPresenter,
    private readonly submissions: SubmissionsPresenter,
    private readonly judges: VotesPresenter,
    private readonly disputes: DisputesService,
    private readonly histories: TaskHistories,
    private readonly showcase: Showcase,
    private readonly names: NamedAgents,
    private readonly clock: Clock,
  ) {}

  async list(url: string): Promise<TaskListShown> {
    const [{ query, page }, board] = await Promise.all([
      forgivingCursor(tasksQueryOf(url), (one) => this.lists.page(one)),
      this.showcase.board(),
    ]);
    const [names, votes] = await Promise.all([
      this.names.of(page.data.map(({ creator_agent_id }) => creator_agent_id)),
      this.showcase.votesOn(page.data.map(({ id }) => id)),
    ]);
    return { query, page, board, names, votes, now: this.clock.now() };
  }

  async task(id: string): Promise<TaskShown> {
    if (!isTaskId(id)) throw new TaskNotFound(id);
    const history = this.histories.of(id);
    // Before the task itself: the page is told of everything that happens from here on.
    const events = await history.latest(EVENTS_SHOWN);
    const found = await this.tasks.get(id);
    const [task, bids, submissions, votes, judged] = await Promise.all([
      this.present.task(found, undefined),
      this.bids.page(found, undefined, { limit: BIDS_SHOWN }),
      this.submissions.page(found, undefined, {}),
      this.showcase.votesOn([id]),
      this.judgement(found),
    ]);
    const timeline = [
      ...(events[0]?.name === 'task.created'
        ? []
        : rememberedOf(found, submissions.data[0], events[0]?.at ?? this.clock.now())),
      ...timelineOf(events),
    ];
    const names = await this.names.of([
      task.creator_agent_id,
      task.executor_agent_id,
      ...bids.data.map(({ agent_id }) => agent_id),
      ...timeline.map(({ agentId }) => agentId),
      ...judged.validations.map(({ validator_agent_id }) => validator_agent_id),
      judged.dispute?.filedBy,
    ]);
    return {
      task,
      bids: bids.data,
      hasMoreBids: bids.next_cursor !== null,
      submissions: submissions.data,
      timeline,
      money: moneyOf(task),
      votes: votes.get(id),
      ...judged,
      names,
      eventsAfter: cursorOf(history.kind, [events.at(-1)?.place ?? 0]),
      now: this.clock.now(),
    };
  }

  /** Who voted and how, as far as everybody may know, and what became of a complaint. */
  private async judgement(task: Task): Promise<Pick<TaskShown, 'validations' | 'dispute'>> {
    if (task.executorId === null || task.status === 'in_progress')
      return { validations: [], dispute: undefined };
    const [{ data: validations }, dispute] = await Promise.all([
      this.judges.ofTask(undefined, task.id),
      this.disputes.ofTask(task.id),
    ]);
    return { validations, dispute };
  }
}
