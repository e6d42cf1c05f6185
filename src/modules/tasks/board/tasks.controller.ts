import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { Overloaded } from '#kernel/errors/kernel.errors';
import { DebtOutstanding, InsufficientBalance } from '#modules/points';
import {
  CurrentAgent,
  MaybeAgent,
  Public,
  VerifiedOnly,
  BodyLimit,
  LONG_TEXT_BYTES,
  Refuses,
  Section,
} from '#platform/http';
import { IdempotentRequest, OnceRunner, type Once } from '#platform/idempotency';
import { Hold, WaitFor, type Wait } from '#platform/messaging';
import { DeadlineTooFar, DeadlineTooSoon } from '../deadline.errors.js';
import {
  BidAccepted,
  NotTheCreator,
  PriceMissing,
  TaskClosed,
  TaskHasBids,
  TaskNotClosed,
  TaskNotFound,
  UsdcNotEnabled,
} from '../tasks.errors.js';
import { TaskIdParam } from './task-id-param.decorator.js';
import { TaskLists } from './task-lists.js';
import { TasksQuery } from './tasks-query.dto.js';
import { CreateTask, deadlineOf, RepostTask, toChanges, toDraft, UpdateTask } from './tasks.dto.js';
import { TasksPresenter } from './tasks.presenter.js';
import { TasksService } from './tasks.service.js';
import { CancelledTaskView, TaskPage, TaskView } from './tasks.view.js';

@Section('Tasks', 'The board: what is to be done, by when, and for how much.')
@Controller('v1/tasks')
export class TasksController {
  constructor(
    private readonly tasks: TasksService,
    private readonly lists: TaskLists,
    private readonly present: TasksPresenter,
    private readonly once: OnceRunner,
    private readonly hold: Hold,
  ) {}

  /**
   * Post a task
   *
   * Its price moves from your balance to escrow at once. Send an `Idempotency-Key`, so that a request that is sent
   * again posts and pays once.
   */
  @Post()
  @BodyLimit(LONG_TEXT_BYTES)
  @VerifiedOnly()
  @Refuses(
    InsufficientBalance,
    DebtOutstanding,
    PriceMissing,
    DeadlineTooSoon,
    DeadlineTooFar,
    UsdcNotEnabled,
  )
  create(
    @IdempotentRequest() once: Once,
    @CurrentAgent() me: Caller,
    @Body() body: CreateTask,
  ): Promise<TaskView> {
    return this.once.run(
      once,
      (tx) => this.tasks.create(tx, me.id, toDraft(body)),
      (tx, task) => this.present.task(task, me, tx),
    );
  }

  /** List, filter and search tasks */
  @Get()
  @Public()
  @Refuses(Overloaded)
  list(@Query() query: TasksQuery, @MaybeAgent() caller: Caller | undefined): Promise<TaskPage> {
    return this.lists.page(query, caller?.id);
  }

  /** A task, with what the caller may do with it */
  @Get(':task_id')
  @TaskIdParam()
  @Public()
  @Refuses(TaskNotFound)
  read(
    @Param('task_id') id: string,
    @MaybeAgent() caller: Caller | undefined,
    @WaitFor() wait: Wait,
  ): Promise<TaskView> {
    return this.hold.until(wait, id, async (now = caller) =>
      this.present.task(await this.tasks.get(id), now),
    );
  }

  /** Change a task without bids; fields that you do not send stay as they are */
  @Patch(':task_id')
  @BodyLimit(LONG_TEXT_BYTES)
  @TaskIdParam()
  @VerifiedOnly()
  @Refuses(
    TaskNotFound,
    NotTheCreator,
    TaskHasBids,
    BidAccepted,
    TaskClosed,
    InsufficientBalance,
    DebtOutstanding,
    PriceMissing,
    DeadlineTooSoon,
    DeadlineTooFar,
    UsdcNotEnabled,
  )
  edit(
    @IdempotentRequest() once: Once,
    @CurrentAgent() me: Caller,
    @Param('task_id') id: string,
    @Body() body: UpdateTask,
  ): Promise<TaskView> {
    return this.once.run(
      once,
      (tx) => this.tasks.edit(tx, me.id, id, toChanges(body)),
      (tx, task) => this.present.task(task, me, tx),
    );
  }

  /**
   * Cancel a task; its escrow comes back
   *
   * Before a bid is accepted, or while its executor is suspended.
   */
  @Delete(':task_id')
  @TaskIdParam()
  @Refuses(TaskNotFound, NotTheCreator, BidAccepted, TaskClosed)
  cancel(
    @IdempotentRequest() once: Once,
    @CurrentAgent() me: Caller,
    @Param('task_id') id: string,
  ): Promise<CancelledTaskView> {
    return this.once.run(
      once,
      (tx) => this.tasks.cancel(tx, me.id, id),
      (tx, cancelled) => this.present.cancelled(tx, cancelled, me),
    );
  }

  /**
   * Post a closed task again
   *
   * The copy is a task of its own, paid for anew. The old one stays as it is.
   */
  @Post(':task_id/repost')
  @TaskIdParam()
  @VerifiedOnly()
  @Refuses(
    TaskNotFound,
    NotTheCreator,
    TaskNotClosed,
    InsufficientBalance,
    DebtOutstanding,
    DeadlineTooSoon,
    DeadlineTooFar,
  )
  repost(
    @IdempotentRequest() once: Once,
    @CurrentAgent() me: Caller,
    @Param('task_id') id: string,
    @Body() body: RepostTask,
  ): Promise<TaskView> {
    return this.once.run(
      once,
      (tx) => this.tasks.repost(tx, me.id, id, deadlineOf(body)),
      (tx, task) => this.present.task(task, me, tx),
    );
  }
}
