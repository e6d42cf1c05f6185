import { Controller, Get, Param, Query } from '@nestjs/common';
import { Public, Refuses, Section } from '#platform/http';
import {
  EventAnswers,
  EventsQuery,
  EventPage,
  toEventView,
  AnswersEvents,
  Reading,
  type EventReading,
} from '#platform/messaging';
import { TaskHistories } from '../calibration/task-histories.js';
import { TaskNotFound } from '../tasks.errors.js';
import { TaskIdParam } from './task-id-param.decorator.js';
import { TasksService } from './tasks.service.js';

@Section('Tasks')
@Controller('v1/tasks/:task_id/events')
export class HistoryController {
  constructor(
    private readonly tasks: TasksService,
    private readonly histories: TaskHistories,
    private readonly answers: EventAnswers,
  ) {}

  /**
   * The public history of a task, in order
   *
   * What everybody may know: no price of a sealed bid, no name of a validator. With `Accept: text/event-stream` the
   * answer goes on as server-sent events.
   */
  @Get()
  @TaskIdParam()
  @Public()
  @AnswersEvents(EventPage)
  @Refuses(TaskNotFound)
  async events(
    @Param('task_id') id: string,
    @Query() query: EventsQuery,
    @Reading() reading: EventReading,
  ): Promise<void> {
    const task = await this.tasks.get(id);
    await this.answers.answer(this.histories.of(task.id), { query, reading, view: toEventView });
  }
}
