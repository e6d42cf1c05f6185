import { Injectable } from '@nestjs/common';
import { SECOND_MS } from '#kernel/clock';
import {
  KeyWatches,
  type KeyWatch,
  cursorOf,
  matching,
  PAGE_SIZE,
  placeOf,
  sendJson,
  writtenFor,
} from '#platform/http';
import type { EventStream, StreamedEvent } from './event-streams.js';
import { EventWriter } from './event-writer.js';
import type { EventsQuery } from './events.dto.js';
import type { EventReading } from './reads-events.decorator.js';
import { STREAMS_MAX, TooManyStreams } from './streams.errors.js';
import { EventTail } from './tail.js';

const STREAM_PAGE = 100;
/** Also short enough for the proxies that close what is silent for half a minute. */
const HEARTBEAT_MS = 15_000;

export interface EventRequest {
  query: EventsQuery;
  reading: EventReading;
  /** What one event looks like to this reader. */
  view: (event: StreamedEvent) => object;
}

/** Answers with the events of a stream: a page, a page that is waited for, or server-sent events without end. */
@Injectable()
export class EventAnswers {
  private readonly open = new Map<string, number>();

  constructor(
    private readonly tail: EventTail,
    private readonly keys: KeyWatches,
  ) {}

  async answer(stream: EventStream, request: EventRequest): Promise<void> {
    const { query, reading } = request;
    const start = startOf(stream, reading.live ? (reading.lastEventId ?? query.after) : query.after);
    if (reading.live) return this.seated(reading.reader, () => this.send(stream, start, request));
    const events = await this.page(stream, start, request);
    const next = events.at(-1)?.place ?? start;
    const page = { data: events.map(request.view), next_cursor: cursorOf(stream.kind, [next]) };
    sendJson(reading.response, writtenFor(page));
  }

  private async page(
    stream: EventStream,
    start: number,
    { query: { limit = PAGE_SIZE, types, wait = 0 }, reading }: EventRequest,
  ): Promise<StreamedEvent[]> {
    if (wait === 0) return stream.after(start, limit, types);
    const endsAt = performance.now() + wait * SECOND_MS;
    const key = this.keys.watch(reading.request);
    const over = AbortSignal.any([reading.hungUp, key.ended, this.tail.closing]);
    const watch = await this.tail.watch(stream.key).catch(stopping(key));
    try {
      for (;;) {
        const events = await stream.after(start, limit, types);
        const left = endsAt - performance.now();
        // What was read is shown only if the key still opens it.
        await key.caller();
        if (events.length > 0 || left <= 0 || over.aborted) return events;
        await watch.next(left, over);
      }
    } finally {
      key.stop();
      watch.stop();
    }
  }

  /** Reads one page at a time and writes it before it reads the next, so a slow reader costs one page. */
  private async send(
    stream: EventStream,
    start: number,
    { query: { types }, reading, view }: EventRequest,
  ): Promise<void> {
    const key = this.keys.watch(reading.request);
    const watch = await this.tail.watch(stream.key).catch(stopping(key));
    const writer = new EventWriter(reading.response, AbortSignal.any([key.ended, this.tail.closing]));
    try {
      let place = start;
      while (!writer.over.aborted) {
        const events = await stream.after(place, STREAM_PAGE, types);
        if (!(await stillOpens(key))) break;
        for (const event of events) {
          await writer.event(cursorOf(stream.kind, [event.place]), event.name, view(event));
          place = event.place;
        }
        if (events.length < STREAM_PAGE) await watch.next(writer.silentFor(HEARTBEAT_MS), writer.over);
        if (writer.silentFor(HEARTBEAT_MS) === 0) await writer.heartbeat();
      }
    } finally {
      key.stop();
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

const stopping =
  (key: KeyWatch) =>
  (error: unknown): never => {
    key.stop();
    throw error;
  };

/** A stream has begun its answer, so the end of the stream is all that can be said. */
const stillOpens = (key: KeyWatch): Promise<boolean> =>
  key.caller().then(
    () => true,
    () => false,
  );

function startOf(stream: EventStream, cursor: string | undefined): number {
  const [place = '0'] = placeOf(cursor, stream.kind, [matching(/^\d{1,15}$/)], 'after') ?? [];
  return Number(place);
}
