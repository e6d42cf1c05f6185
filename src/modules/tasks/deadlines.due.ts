import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Tx } from '../../kernel/db/tx.js';
import { UnitOfWork } from '../../kernel/db/unit-of-work.js';
import { DueWork, type DueWorker } from '../../kernel/due/due-work.decorator.js';
import { Outbox } from '../../kernel/events/outbox.js';
import { AgentsService } from '../agents/index.js';
import { expire } from './domain/expire.js';
import { eachDue } from './due-tasks.js';
import { DueStore } from './persistence/due.store.js';
import { TaskStore } from './persistence/task.store.js';
import { TaskEscrow } from './task-escrow.js';
import { closedUnaccepted } from './tasks.events.js';

/** Ends what nobody took up or finished in time, and gives back what was held for it. */
@Injectable()
@DueWork('task-deadlines')
export class TaskDeadlines implements DueWorker {
  private readonly logger = new Logger('TaskDeadlines');

  constructor(
    private readonly due: DueStore,
    private readonly tasks: TaskStore,
    private readonly agents: AgentsService,
    private readonly escrow: TaskEscrow,
    private readonly outbox: Outbox,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  nextDue(): Promise<Date | null> {
    return this.due.nextExpiry();
  }

  run(at: Date): Promise<void> {
    return eachDue(this.due.expired(at), (id) => this.work.run((tx) => this.expire(tx, id)), this.logger);
  }

  /** What somebody else has locked is acted upon just now, or ended by another process. */
  private async expire(tx: Tx, taskId: string): Promise<void> {
    const before = await this.due.claim(tx, taskId);
    const expired = before && expire(before, await this.tasks.bidsOf(tx, taskId), this.clock.now());
    if (!expired) return;
    const { task, declined, refund } = expired;
    this.tasks.save(tx, { task, bids: declined });
    if (task.closeReason === 'expired_work') this.agents.tally(tx, task.executorId!, { worksFailed: 1 });
    this.escrow.refund(tx, task, refund);
    this.outbox.record(tx, ...closedUnaccepted(task, declined, refund));
    this.logger.log({ msg: 'task expired', taskId, reason: task.closeReason });
  }
}
