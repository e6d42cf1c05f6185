import { Injectable } from '@nestjs/common';
import type { Money } from '#kernel/money';
import { EscrowOwner, type EscrowOwnerProvider } from '#modules/points';
import { Database } from '#platform/database';
import { stillHeld } from '../domain/settle.js';
import { isClosed, type Task } from '../domain/task.js';
import { TASK_COLUMNS } from './task.columns.js';

/** A task that has ended holds nothing but a payout that waits: the nightly reconciliation asks which have. */
@Injectable()
@EscrowOwner()
export class EndedTasks implements EscrowOwnerProvider {
  constructor(private readonly database: Database) {}

  async ended(ids: readonly string[]): Promise<ReadonlyMap<string, readonly Money[]>> {
    const tasks = await this.database.query<Task>(`SELECT ${TASK_COLUMNS} FROM tasks WHERE id = ANY ($1)`, [
      ids,
    ]);
    return new Map(tasks.filter(isClosed).map((task) => [task.id, stillHeld(task)]));
  }
}
