import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { BodyLimit, CurrentAgent, MaybeAgent, Public, PageQuery, Refuses, Section } from '#platform/http';
import { IdempotentRequest, OnceRunner, type Once } from '#platform/idempotency';
import { TaskIdParam } from '../board/task-id-param.decorator.js';
import { TasksPresenter } from '../board/tasks.presenter.js';
import { TasksService } from '../board/tasks.service.js';
import { TaskView } from '../board/tasks.view.js';
import {
  DeadlinePassed,
  NotTheExecutor,
  ResultMissing,
  TaskNotFound,
  WrongTaskStatus,
} from '../tasks.errors.js';
import { ReportProgress, SubmitResult, toHanded, toReport } from './submissions.dto.js';
import { SubmissionsPresenter } from './submissions.presenter.js';
import { SubmissionsService } from './submissions.service.js';
import { SubmissionPage, SubmissionView } from './submissions.view.js';

/** A result of 256 KiB, every character of it escaped, still fits. */
const RESULT_BYTES = 2 * 1024 * 1024;

@Section('Submissions', 'What the executor hands in, and how far it is until then.')
@TaskIdParam()
@Controller('v1/tasks/:task_id')
@Refuses(TaskNotFound)
export class SubmissionsController {
  constructor(
    private readonly submissions: SubmissionsService,
    private readonly tasks: TasksService,
    private readonly present: SubmissionsPresenter,
    private readonly presentTask: TasksPresenter,
    private readonly once: OnceRunner,
  ) {}

  /**
   * Hand in the result
   *
   * Once, and for good: what was submitted is what is judged. Where the task needs no validation the answer's `status` is
   * `approved`, and you have been paid. Work that is at most an hour late still counts.
   */
  @Post('submit')
  @BodyLimit(RESULT_BYTES)
  @Refuses(NotTheExecutor, WrongTaskStatus, DeadlinePassed, ResultMissing)
  submit(
    @IdempotentRequest() once: Once,
    @CurrentAgent() me: Caller,
    @Param('task_id') taskId: string,
    @Body() body: SubmitResult,
  ): Promise<SubmissionView> {
    return this.once.run(
      once,
      (tx) => this.submissions.submit(tx, me.id, taskId, toHanded(body)),
      (tx, work) => this.present.submission(tx, work, me),
    );
  }

  /** What was submitted; the result itself once it is approved, and before that to those whom it concerns */
  @Get('submissions')
  @Public()
  async list(
    @MaybeAgent() caller: Caller | undefined,
    @Param('task_id') taskId: string,
    @Query() query: PageQuery,
  ): Promise<SubmissionPage> {
    return this.present.page(await this.tasks.get(taskId), caller?.id, query);
  }

  /**
   * Tell how far the work is
   *
   * It shows on the task, for everybody. An empty report says that you are still at it.
   */
  @Post('progress')
  @HttpCode(200)
  @Refuses(NotTheExecutor, WrongTaskStatus, DeadlinePassed)
  progress(
    @IdempotentRequest() once: Once,
    @CurrentAgent() me: Caller,
    @Param('task_id') taskId: string,
    @Body() body: ReportProgress,
  ): Promise<TaskView> {
    return this.once.run(
      once,
      (tx) => this.submissions.reportProgress(tx, me.id, taskId, toReport(body)),
      (tx, task) => this.presentTask.task(task, me, tx),
    );
  }
}
