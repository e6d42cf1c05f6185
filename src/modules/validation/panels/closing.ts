import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { Tx } from '../../../kernel/db/tx.js';
import { Outbox } from '../../../kernel/events/outbox.js';
import type { Seat } from '../domain/panel.js';
import type { SeatEnd } from '../domain/rewards.js';
import { JudgementStore, type Held } from '../persistence/judgement.store.js';
import { validationClosed } from '../validation.events.js';

/** Ends seats. Rewards and reputation live on the news of it. */
@Injectable()
export class Closing {
  constructor(
    private readonly judgements: JudgementStore,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async close(tx: Tx, held: Held, closed: readonly (Seat & { end: SeatEnd })[]): Promise<Held> {
    if (closed.length === 0) return held;
    const at = this.clock.now();
    await this.judgements.end(tx, closed, at);
    this.outbox.record(tx, ...closed.map((seat) => validationClosed(seat, held.judgement.taskId)));
    const byId = new Map(closed.map((seat) => [seat.id, { ...seat, endedAt: at }]));
    return { ...held, seats: held.seats.map((seat) => byId.get(seat.id) ?? seat) };
  }
}
