import { Injectable, Logger } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { UnitOfWork } from '#platform/database';
import { DueWork, type DueWorker } from '#platform/scheduling';
import { BoardService } from './board/board.service.js';
import { releasePayout } from './domain/settle.js';
import { eachDue } from './due-tasks.js';
import { DueStore } from './persistence/due.store.js';

/** Pays what was held for a while after an approval, unless the approval is disputed. */
@Injectable()
@DueWork('held-payouts')
export class HeldPayouts implements DueWorker {
  private readonly logger = new Logger('HeldPayouts');

  constructor(
    private readonly due: DueStore,
    private readonly board: BoardService,
    private readonly work: UnitOfWork,
  ) {}

  nextDue(): Promise<Date | null> {
    return this.due.nextPayout();
  }

  run(at: Date): Promise<void> {
    return eachDue(this.due.duePayouts(at), (id) => this.work.run((tx) => this.release(tx, id)), this.logger);
  }

  private async release(tx: Tx, taskId: string): Promise<void> {
    const released = await this.board.actOnDue(tx, this.due.claim(tx, taskId), releasePayout);
    if (released) this.logger.log({ msg: 'held payout released', taskId });
  }
}
