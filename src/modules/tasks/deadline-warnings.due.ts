import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { UnitOfWork } from '../../kernel/db/unit-of-work.js';
import { DueWork, type DueWorker } from '../../kernel/due/due-work.decorator.js';
import { Outbox } from '../../kernel/events/outbox.js';
import { warned } from './domain/expire.js';
import { DueStore } from './persistence/due.store.js';
import { deadlineWarning } from './tasks.events.js';

/** Warns of a deadline a day before it, once. */
@Injectable()
@DueWork('deadline-warnings')
export class DeadlineWarnings implements DueWorker {
  constructor(
    private readonly due: DueStore,
    private readonly outbox: Outbox,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  nextDue(): Promise<Date | null> {
    return this.due.nextWarning(this.clock.now());
  }

  async run(at: Date): Promise<void> {
    while ((await this.warn(at)) > 0);
  }

  private warn(at: Date): Promise<number> {
    return this.work.run(async (tx) => {
      const warnings = (await this.due.claimToWarn(tx, at)).flatMap((task) => warned(task, at) ?? []);
      if (warnings.length === 0) return 0;
      await this.due.saveWarned(
        tx,
        warnings.map(({ task }) => task.id),
        at,
      );
      this.outbox.record(tx, ...warnings.map(({ task, told }) => deadlineWarning(task, told)));
      return warnings.length;
    });
  }
}
