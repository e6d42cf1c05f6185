import { Controller, Get, Param, Query } from '@nestjs/common';
import { Public } from '../../../kernel/http/agent.decorators.js';
import { Refuses } from '../../../kernel/http/refuses.decorator.js';
import { Section } from '../../../kernel/http/section.decorator.js';
import { EventAnswers } from '../../../kernel/http/streams/event-answers.js';
import { EventsQuery } from '../../../kernel/http/streams/events.dto.js';
import { EventPage, toEventView } from '../../../kernel/http/streams/events.view.js';
import {
  AnswersEvents,
  Reading,
  type EventReading,
} from '../../../kernel/http/streams/reads-events.decorator.js';
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
