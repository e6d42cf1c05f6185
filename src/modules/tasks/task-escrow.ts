import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/db/tx.js';
import type { Money } from '../../kernel/money.js';
import { PointsService } from '../points/index.js';
import type { DisputeConsequence } from './domain/dispute.js';
import type { EscrowChange } from './domain/price.js';
import type { MoneyConsequence } from './domain/settle.js';
import type { Task } from './domain/task.js';

/** What is held for a task, under its id. The last thing that a transaction does. */
@Injectable()
export class TaskEscrow {
  constructor(private readonly points: PointsService) {}

  hold(tx: Tx, { id, creatorId }: Task, amounts: readonly Money[]): void {
    for (const amount of amounts) {
      this.points.holdEscrow(tx, { payer: creatorId, reference: id, amount });
    }
  }

  /** The cause is what changed the price: an edit, or a bid. */
  resize(tx: Tx, { id, creatorId }: Task, changes: readonly EscrowChange[], cause: string): void {
    for (const change of changes) {
      this.points.resizeEscrow(tx, { payer: creatorId, reference: id, ...change, cause });
    }
  }

  refund(tx: Tx, { id, creatorId }: Task, amounts: readonly Money[]): void {
    for (const amount of amounts) {
      this.points.refund(tx, { reference: id, payee: creatorId, amount });
    }
  }

  /** What the executor was promised: to it, back to the creator, or neither yet. */
  settle(tx: Tx, task: Task, { kind, amount }: MoneyConsequence): void {
    switch (kind) {
      case 'pay':
        this.points.releaseEscrow(tx, { reference: task.id, payee: task.executorId!, amount });
        return;
      case 'refund':
        return this.refund(tx, task, [amount]);
      case 'hold':
        return;
    }
  }

  resolve(tx: Tx, task: Task, disputeId: string, money: DisputeConsequence): void {
    const { id: reference, creatorId: creator } = task;
    const parties = { disputeId, reference, creator, executor: task.executorId! };
    switch (money.kind) {
      case 'take_back':
        this.points.overturnApproval(tx, { ...parties, price: money.amount });
        return;
      case 'pay_after_all':
        this.points.overturnRejection(tx, { ...parties, price: money.amount });
        return;
      case 'stay':
        return;
      case 'pay':
      case 'refund':
      case 'hold':
        return this.settle(tx, task, money);
    }
  }
}
