import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import { newEventId } from '#kernel/ids';
import type { Tx } from '#kernel/tx';
import type { DomainEvent, EventName } from './domain-events.js';
import { Wakeups } from './wakeups/wakeups.js';

export const OUTBOX_CHANNEL = 'outbox';
export const CHANGED_CHANNEL = 'changed';
/** Said by the lane when events have got their numbers and lie in the inboxes. */
export const NUMBERED_CHANNEL = 'numbered';
/** Tracks that a process has no hands free for; the payload is the key of the track. */
export const TRACKS_CHANNEL = 'tracks';

/** Writes events in the transaction of the change they announce: both are committed, or neither. */
@Injectable()
export class Outbox {
  constructor(
    private readonly clock: Clock,
    private readonly wakeups: Wakeups,
  ) {}

  record(tx: Tx, ...events: { [Name in EventName]: DomainEvent<Name> }[EventName][]): void {
    if (events.length === 0) return;
    const at = this.clock.now();
    const rows = events.map((event) => ({ public: false, at, ...event, id: newEventId() }));
    tx.write(
      'record-events',
      `INSERT INTO outbox (id, name, subject, audience, public, data, at)
       SELECT id, name, subject, audience, public, data, at
         FROM jsonb_to_recordset($1::jsonb)
           AS event (id text, name text, subject text, audience text[], public boolean, data jsonb, at timestamptz)`,
      [JSON.stringify(rows)],
    );
    tx.afterCommit(() => this.announce(rows.map(({ subject }) => subject)));
  }

  /** For SQL that writes its events itself: wakes the relay and those who wait for one of the subjects. */
  announce(subjects: readonly string[]): void {
    this.wakeups.wake(OUTBOX_CHANNEL);
    for (const subject of new Set(subjects)) this.wakeups.wake(CHANGED_CHANNEL, subject);
  }
}
