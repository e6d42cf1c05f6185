import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Tx } from '../../kernel/db/tx.js';
import { UnitOfWork } from '../../kernel/db/unit-of-work.js';
import { DueWork, type DueWorker } from '../../kernel/due/due-work.decorator.js';
import { Outbox } from '../../kernel/events/outbox.js';
import { releasePayout } from './domain/settle.js';
import { eachDue } from './due-tasks.js';
import { DueStore } from './persistence/due.store.js';
import { TaskStore } from './persistence/task.store.js';
import { TaskEscrow } from './task-escrow.js';
import { taskUpdated } from './tasks.events.js';

/** Pays what was held for a while after an approval, unless the approval is disputed. */
@Injectable()
@DueWork('held-payouts')
export class HeldPayouts implements DueWorker {
  private readonly logger = new Logger('HeldPayouts');

  constructor(
    private readonly due: DueStore,
    private readonly tasks: TaskStore,
    private readonly escrow: TaskEscrow,
    private readonly outbox: Outbox,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  nextDue(): Promise<Date | null> {
    return this.due.nextPayout();
  }

  run(at: Date): Promise<void> {
    return eachDue(this.due.duePayouts(at), (id) => this.work.run((tx) => this.release(tx, id)), this.logger);
  }

  private async release(tx: Tx, taskId: string): Promise<void> {
    const before = await this.due.claim(tx, taskId);
    const released = before && releasePayout(before, this.clock.now());
    if (!released) return;
    const { task, amount } = released;
    this.tasks.save(tx, { task });
    this.escrow.settle(tx, task, { kind: 'pay', amount });
    this.outbox.record(tx, taskUpdated(task));
    this.logger.log({ msg: 'held payout released', taskId });
  }
}
