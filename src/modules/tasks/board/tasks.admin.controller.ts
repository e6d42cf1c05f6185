import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import type { OperatorIdentity } from '#kernel/caller';
import { AuditLog, CurrentOperator, Operator, ReasonedAct } from '#modules/operators';
import { Refuses, Section } from '#platform/http';
import { IdempotentRequest, OnceRunner, type Once } from '#platform/idempotency';
import { TaskClosed, TaskNotFound, WrongTaskStatus } from '../tasks.errors.js';
import { TaskIdParam } from './task-id-param.decorator.js';
import { TasksPresenter } from './tasks.presenter.js';
import { TasksService } from './tasks.service.js';
import { CancelledTaskView } from './tasks.view.js';

@Section('Tasks', 'What operators do about tasks.')
@Controller('v1/admin/tasks')
export class TasksAdminController {
  constructor(
    private readonly tasks: TasksService,
    private readonly present: TasksPresenter,
    private readonly audit: AuditLog,
    private readonly once: OnceRunner,
  ) {}

  /**
   * Cancel a task before its result is handed in
   *
   * The creator gets the whole escrow back, even if an executor is at work. From the submission on, validators
   * decide.
   */
  @Post(':task_id/cancel')
  @HttpCode(200)
  @TaskIdParam()
  @Operator('operator')
  @Refuses(TaskNotFound, TaskClosed, WrongTaskStatus)
  cancel(
    @IdempotentRequest() once: Once,
    @CurrentOperator() operator: OperatorIdentity,
    @Param('task_id') id: string,
    @Body() { reason }: ReasonedAct,
  ): Promise<CancelledTaskView> {
    return this.once.run(
      once,
      async (tx) => {
        const cancelled = await this.tasks.cancelByOperator(tx, id);
        await this.audit.write(tx, { operator, act: 'task.cancel', subject: id, reason });
        return cancelled;
      },
      (tx, cancelled) => this.present.cancelled(tx, cancelled, undefined),
    );
  }
}
