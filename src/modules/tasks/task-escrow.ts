import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/db/tx.js';
import type { Money } from '../../kernel/money.js';
import { PointsService } from '../points/index.js';
import type { EscrowChange } from './domain/price.js';
import type { Task } from './domain/task.js';

/** What is held for a task, under its id. The last thing that a transaction does. */
@Injectable()
export class TaskEscrow {
  constructor(private readonly points: PointsService) {}

  async hold(tx: Tx, { id, creatorId }: Task, amounts: readonly Money[]): Promise<void> {
    for (const amount of amounts) {
      await this.points.holdEscrow(tx, { payer: creatorId, reference: id, amount });
    }
  }

  /** The cause is what changed the price: an edit, or a bid. */
  async resize(
    tx: Tx,
    { id, creatorId }: Task,
    changes: readonly EscrowChange[],
    cause: string,
  ): Promise<void> {
    for (const change of changes) {
      await this.points.resizeEscrow(tx, { payer: creatorId, reference: id, ...change, cause });
    }
  }

  async refund(tx: Tx, { id, creatorId }: Task, amounts: readonly Money[]): Promise<void> {
    for (const amount of amounts) {
      await this.points.refund(tx, { reference: id, payee: creatorId, amount });
    }
  }
}
