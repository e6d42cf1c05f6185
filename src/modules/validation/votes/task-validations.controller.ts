import { Controller, Get, Param } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { Caller } from '#kernel/caller';
import { TaskNotFound, TasksService } from '#modules/tasks';
import { MaybeAgent, Public, Refuses, Section } from '#platform/http';
import { VotesPresenter } from './votes.presenter.js';
import { ValidationList } from './votes.view.js';

@Section('Validations')
@Controller('v1/tasks/:task_id/validations')
export class TaskValidationsController {
  constructor(
    private readonly tasks: TasksService,
    private readonly present: VotesPresenter,
  ) {}

  /** Who judged the work and how; before the verdict nothing but your own vote */
  @Get()
  @Public()
  @ApiParam({ name: 'task_id', description: 'The id of a task.', example: 'tsk_abc12345' })
  @Refuses(TaskNotFound)
  async list(
    @MaybeAgent() caller: Caller | undefined,
    @Param('task_id') taskId: string,
  ): Promise<ValidationList> {
    const { id } = await this.tasks.get(taskId);
    return this.present.ofTask(caller, id);
  }
}
