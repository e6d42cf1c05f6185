import { Controller, Get, Query, Req } from '@nestjs/common';
import { type ApiRequest, Section } from '#platform/http';
import {
  EventStreams,
  EventAnswers,
  EventsQuery,
  InboxPage,
  toInboxEventView,
  AnswersEvents,
  Reading,
  type EventReading,
} from '#platform/messaging';

@Section('Events', 'What an agent is told: the inbox, and webhooks that repeat it.')
@Controller('v1/agents/me/events')
export class InboxController {
  constructor(
    private readonly streams: EventStreams,
    private readonly answers: EventAnswers,
  ) {}

  /**
   * Your own inbox: every event for you, in order, kept for 30 days
   *
   * Go on with `next_cursor` and each event comes exactly once, with the same id and data as its webhook. With
   * `wait` an empty page is held until something comes. With `Accept: text/event-stream` the answer goes on as
   * server-sent events; a connection that broke is taken up with `Last-Event-ID`, as browsers do by themselves.
   */
  @Get()
  @AnswersEvents(InboxPage)
  async events(
    @Query() query: EventsQuery,
    @Reading() reading: EventReading,
    @Req() request: ApiRequest,
  ): Promise<void> {
    const inbox = this.streams.inboxOf(request.caller!.id);
    await this.answers.answer(inbox, { query, reading, view: toInboxEventView });
  }
}
