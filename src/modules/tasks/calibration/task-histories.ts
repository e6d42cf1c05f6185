import { Injectable } from '@nestjs/common';
import { after } from '#kernel/clock';
import { isInstant } from '#platform/http';
import { EventStreams, type HistoryStream, type StreamedEvent } from '#platform/messaging';
import { bidIdIn, eventIdIn } from './calibration-names.js';
import { CalibrationTaskStore, type CalibrationTask } from './calibration-task.store.js';

/** What everybody may know of a task, in order; of a calibration task what its source went through until it was validated. */
@Injectable()
export class TaskHistories {
  constructor(
    private readonly streams: EventStreams,
    private readonly calibrations: CalibrationTaskStore,
  ) {}

  of(taskId: string): HistoryStream {
    const own = this.streams.of(taskId);
    // Whoever waits for news of other tasks asks again and again: they never become one.
    let mayBeCalibration = true;
    const orOfSource = async (
      read: () => Promise<StreamedEvent[]>,
      pick: (all: StreamedEvent[]) => StreamedEvent[],
    ): Promise<StreamedEvent[]> => {
      const found = await read();
      if (found.length > 0 || !mayBeCalibration) return found;
      const ofSource = await this.ofSource(taskId);
      mayBeCalibration = ofSource !== undefined;
      return ofSource ? pick(ofSource) : found;
    };
    return {
      ...own,
      after: (place, limit, types) =>
        orOfSource(
          () => own.after(place, limit, types),
          (all) =>
            all
              .filter((event) => event.place > place && (!types || types.includes(event.name)))
              .slice(0, limit),
        ),
      latest: (limit) =>
        orOfSource(
          () => own.latest(limit),
          (all) => all.slice(-limit),
        ),
    };
  }

  /** All of it, standing among the events of the time in which it seems to have happened. */
  private async ofSource(taskId: string): Promise<StreamedEvent[] | undefined> {
    const task = await this.calibrations.find(taskId);
    if (!task) return undefined;
    const events = await this.streams.of(task.sourceTaskId).after(0, EVENTS_MAX);
    const told = events.filter(({ name }) => !OF_ITS_END.test(name)).map((event) => retold(event, task));
    const places = await this.streams.placesAt(told.map(({ at }) => at));
    let last = 0;
    return told.map((event, index) => ({ ...event, place: (last = Math.max(places[index]!, last + 1)) }));
  }
}

/** More than a task can have been through before it was judged. */
const EVENTS_MAX = 1_000;

/** A calibration task seems to be validated still. */
const OF_ITS_END = /^(submission\.(approved|rejected)|task\.(completed|cancelled)|dispute\.)/;
const STARTED = 'submission.validation_started';

function retold({ id, name, data, at, place }: StreamedEvent, task: CalibrationTask): StreamedEvent {
  const { taskId, laterByMs, validatedSince, seats, votingEnds } = task;
  const told = {
    id: eventIdIn(taskId, id),
    name,
    place,
    at: after(at, laterByMs),
    data: renamed(data, task),
  };
  if (name !== STARTED) return told;
  return { ...told, at: validatedSince, data: { ...told.data, seats, deadline: votingEnds.toISOString() } };
}

const renamed = (data: object, { taskId, submissionId, laterByMs }: CalibrationTask): object =>
  Object.fromEntries(
    Object.entries(data as Record<string, unknown>).map(([key, value]) => {
      if (key === 'task_id') return [key, taskId];
      if (key === 'submission_id') return [key, submissionId];
      if (key === 'bid_id') return [key, bidIdIn(taskId, String(value))];
      const isTime = typeof value === 'string' && isInstant(value);
      return [key, isTime ? after(new Date(value), laterByMs).toISOString() : value];
    }),
  );
