import { Injectable } from '@nestjs/common';
import type { EventStream, StreamedEvent } from '../../events/event-streams.js';
import { EventTail } from '../../events/tail.js';
import { SECOND_MS } from '../../clock.js';
import { cursorOf, matching, PAGE_SIZE, placeOf } from '../pages.js';
import { EventWriter } from './event-writer.js';
import type { EventsQuery } from './events.dto.js';
import type { EventReading } from './reads-events.decorator.js';
import { STREAMS_MAX, TooManyStreams } from './streams.errors.js';

const STREAM_PAGE = 100;
/** Also short enough for the proxies that close what is silent for half a minute. */
const HEARTBEAT_MS = 15_000;
const UNGUARDED = (): StreamGuard => ({ ended: new AbortController().signal, stop: () => {} });

export interface EventRequest {
  query: EventsQuery;
  reading: EventReading;
  /** What one event looks like to this reader. */
  view: (event: StreamedEvent) => object;
  /** Stands watch over a stream, which it may end before its reader does. */
  guard?: () => StreamGuard;
}

export interface StreamGuard {
  ended: AbortSignal;
  stop(): void;
}

/** Answers with the events of a stream: a page, a page that is waited for, or server-sent events without end. */
@Injectable()
export class EventAnswers {
  private readonly open = new Map<string, number>();

  constructor(private readonly tail: EventTail) {}

  async answer(stream: EventStream, request: EventRequest): Promise<void> {
    const { query, reading } = request;
    const start = startOf(stream, reading.live ? (reading.lastEventId ?? query.after) : query.after);
    if (reading.live) return this.seated(reading.reader, () => this.send(stream, start, request));
    const events = await this.page(stream, start, request);
    const next = events.at(-1)?.place ?? start;
    reading.response.json({ data: events.map(request.view), next_cursor: cursorOf(stream.kind, [next]) });
  }

  private async page(
    stream: EventStream,
    start: number,
    { query: { limit = PAGE_SIZE, types, wait = 0 }, reading }: EventRequest,
  ): Promise<StreamedEvent[]> {
    if (wait === 0) return stream.after(start, limit, types);
    const endsAt = performance.now() + wait * SECOND_MS;
    const over = AbortSignal.any([reading.hungUp, this.tail.closing]);
    const watch = await this.tail.watch(stream.key);
    try {
      for (;;) {
        const events = await stream.after(start, limit, types);
        const left = endsAt - performance.now();
        if (events.length > 0 || left <= 0 || over.aborted) return events;
        await watch.next(left, over);
      }
    } finally {
      watch.stop();
    }
  }

  /** Reads one page at a time and writes it before it reads the next, so a slow reader costs one page. */
  private async send(
    stream: EventStream,
    start: number,
    { query: { types }, reading, view, guard = UNGUARDED }: EventRequest,
  ): Promise<void> {
    const guarded = guard();
    const watch = await this.tail.watch(stream.key).catch((error: unknown) => {
      guarded.stop();
      throw error;
    });
    const writer = new EventWriter(reading.response, AbortSignal.any([guarded.ended, this.tail.closing]));
    try {
      let place = start;
      while (!writer.over.aborted) {
        const events = await stream.after(place, STREAM_PAGE, types);
        for (const event of events) {
          await writer.event(cursorOf(stream.kind, [event.place]), event.name, view(event));
          place = event.place;
        }
        if (events.length < STREAM_PAGE) await watch.next(writer.silentFor(HEARTBEAT_MS), writer.over);
        if (writer.silentFor(HEARTBEAT_MS) === 0) await writer.heartbeat();
      }
    } finally {
      guarded.stop();
      watch.stop();
      writer.end();
    }
  }

  private async seated(reader: string, act: () => Promise<void>): Promise<void> {
    const taken = this.open.get(reader) ?? 0;
    if (taken >= STREAMS_MAX) throw new TooManyStreams();
    this.open.set(reader, taken + 1);
    try {
      await act();
    } finally {
      const left = this.open.get(reader)! - 1;
      if (left === 0) this.open.delete(reader);
      else this.open.set(reader, left);
    }
  }
}

function startOf(stream: EventStream, cursor: string | undefined): number {
  const [place = '0'] = placeOf(cursor, stream.kind, [matching(/^\d{1,15}$/)], 'after') ?? [];
  return Number(place);
}
