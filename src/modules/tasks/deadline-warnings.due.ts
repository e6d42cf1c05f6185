import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import { UnitOfWork } from '#platform/database';
import { DueWork, type DueWorker } from '#platform/scheduling';
import { BoardService } from './board/board.service.js';
import { warned } from './domain/expire.js';
import { DueStore } from './persistence/due.store.js';

/** Warns of a deadline a day before it, once. */
@Injectable()
@DueWork('deadline-warnings')
export class DeadlineWarnings implements DueWorker {
  constructor(
    private readonly due: DueStore,
    private readonly board: BoardService,
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
      const claimed = await this.due.claimToWarn(tx, at);
      const warnings = await Promise.all(
        claimed.map((board) => this.board.act(tx, board, (due) => warned(due, at))),
      );
      return warnings.filter((warning) => warning !== undefined).length;
    });
  }
}
