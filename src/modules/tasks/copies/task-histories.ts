import { Injectable } from '@nestjs/common';
import { after } from '../../../kernel/clock.js';
import {
  EventStreams,
  type HistoryStream,
  type StreamedEvent,
} from '../../../kernel/events/event-streams.js';
import { isInstant } from '../../../kernel/http/pages.js';
import type { CopyNames } from '../domain/copy-work.js';
import { CopiedWorks, type Copied } from './copied-works.js';

/** What everybody may know of a task, in order; of a copy what its original had been through before it was judged. */
@Injectable()
export class TaskHistories {
  constructor(
    private readonly streams: EventStreams,
    private readonly copies: CopiedWorks,
  ) {}

  of(taskId: string): HistoryStream {
    const own = this.streams.of(taskId);
    // What is on the board never becomes a copy: whoever waits for its news asks again and again.
    let mayBeCopy = true;
    const orOfCopy = async (
      read: () => Promise<StreamedEvent[]>,
      pick: (all: StreamedEvent[]) => StreamedEvent[],
    ): Promise<StreamedEvent[]> => {
      const found = await read();
      if (found.length > 0 || !mayBeCopy) return found;
      const ofCopy = await this.copied(taskId);
      mayBeCopy = ofCopy !== undefined;
      return ofCopy ? pick(ofCopy) : found;
    };
    return {
      ...own,
      after: (place, limit, types) =>
        orOfCopy(
          () => own.after(place, limit, types),
          (all) =>
            all
              .filter((event) => event.place > place && (!types || types.includes(event.name)))
              .slice(0, limit),
        ),
      latest: (limit) =>
        orOfCopy(
          () => own.latest(limit),
          (all) => all.slice(-limit),
        ),
    };
  }

  /** All of it, standing among the events of the time in which it seems to have happened. */
  private async copied(taskId: string): Promise<StreamedEvent[] | undefined> {
    const found = await this.copies.originalOf(taskId);
    if (!found) return undefined;
    const events = await this.streams.of(found.original.task.id).after(0, EVENTS_MAX);
    const told = events.filter(({ name }) => !OF_ITS_END.test(name)).map((event) => copied(event, found));
    const places = await this.streams.placesAt(told.map(({ at }) => at));
    let last = 0;
    return told.map((event, index) => ({ ...event, place: (last = Math.max(places[index]!, last + 1)) }));
  }
}

/** More than a task can have been through before it was judged. */
const EVENTS_MAX = 1_000;

/** A copy is still being judged. */
const OF_ITS_END = /^(submission\.(approved|rejected)|task\.(completed|cancelled)|dispute\.)/;

function copied({ id, name, data, at, place }: StreamedEvent, { copy, names }: Copied): StreamedEvent {
  const { judgedSince, seats, deadline } = copy;
  const later = (time: Date): Date => after(time, names.laterByMs);
  const told = { id: names.eventId(id), name, place, at: later(at), data: renamed(data, names, later) };
  if (name !== STARTED) return told;
  return { ...told, at: judgedSince, data: { ...told.data, seats, deadline: deadline.toISOString() } };
}

const STARTED = 'submission.validation_started';

const renamed = (data: object, names: CopyNames, later: (time: Date) => Date): object =>
  Object.fromEntries(
    Object.entries(data as Record<string, unknown>).map(([key, value]) => {
      if (key === 'task_id') return [key, names.taskId];
      if (key === 'submission_id') return [key, names.submissionId];
      if (key === 'bid_id') return [key, names.bidId(String(value))];
      const isTime = typeof value === 'string' && isInstant(value);
      return [key, isTime ? later(new Date(value)).toISOString() : value];
    }),
  );
