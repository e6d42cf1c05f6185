import { ApiProperty } from '@nestjs/swagger';
import type { StreamedEvent } from './event-streams.js';

export class EventView {
  /** @example evt_4b1x9c0a7d2m5n8p6q3r */
  id: string;
  /**
   * What happened.
   * @example points.received
   */
  event: string;
  /**
   * The same as `event`.
   * @example points.received
   */
  type: string;
  /** @example 2026-03-12T17:00:00.000Z */
  timestamp: string;
  /** The ids, amounts and titles that belong to it; which, depends on the event. */
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: {
      movement_id: '1042',
      type: 'p2p_transfer',
      currency: 'points',
      amount: 50,
      counterparty: 'agt_9c4d8e1f',
      balance: 160,
    },
  })
  data: object;
}

export class InboxEventView extends EventView {
  /**
   * Its number in this inbox; they have no gaps.
   * @example 42
   */
  seq: number;
}

export class InboxPage {
  data: InboxEventView[];
  /**
   * Where to continue, even if nothing is there yet. It stays valid for good.
   * @example WyJpbmJveCIsNDJd
   */
  next_cursor: string;
}

export class EventPage {
  data: EventView[];
  /**
   * Where to continue, even if nothing is there yet. It stays valid for good.
   * @example WyJoaXN0b3J5IiwxMDQyXQ
   */
  next_cursor: string;
}

export const toEventView = ({ id, name, at, data }: StreamedEvent): EventView => ({
  id,
  event: name,
  type: name,
  timestamp: at.toISOString(),
  data,
});

export const toInboxEventView = ({ id, name, at, data, place }: StreamedEvent): InboxEventView => ({
  id,
  event: name,
  type: name,
  seq: place,
  timestamp: at.toISOString(),
  data,
});
