import { Injectable, Logger } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { UnitOfWork } from '#platform/database';
import { DueWork, type DueWorker } from '#platform/scheduling';
import { BoardService } from './board/board.service.js';
import { expire } from './domain/expire.js';
import { eachDue } from './due-tasks.js';
import { DueStore } from './persistence/due.store.js';

/** Ends what nobody took up or finished in time, and gives back what was held for it. */
@Injectable()
@DueWork('task-deadlines')
export class TaskDeadlines implements DueWorker {
  private readonly logger = new Logger('TaskDeadlines');

  constructor(
    private readonly due: DueStore,
    private readonly board: BoardService,
    private readonly work: UnitOfWork,
  ) {}

  nextDue(): Promise<Date | null> {
    return this.due.nextExpiry();
  }

  run(at: Date): Promise<void> {
    return eachDue(this.due.expired(at), (id) => this.work.run((tx) => this.expire(tx, id)), this.logger);
  }

  /** What somebody else has locked is acted upon just now, or ended by another process. */
  private async expire(tx: Tx, taskId: string): Promise<void> {
    const expired = await this.board.actOnDue(tx, this.due.claimWithBids(tx, taskId), expire);
    if (expired) this.logger.log({ msg: 'task expired', taskId, reason: expired.task.closeReason });
  }
}
