import { Injectable } from '@nestjs/common';
import type { Money } from '#kernel/money';
import type { Tx } from '#kernel/tx';
import {
  holdEscrow,
  overturnApproval,
  overturnRejection,
  PointsService,
  refund,
  releaseEscrow,
  resizeEscrow,
  type Movement,
  type Overturn,
} from '#modules/points';
import type { EscrowMove } from './domain/change.js';
import type { Task } from './domain/task.js';

/** What is held for a task, under its id. The last thing that a transaction does. */
@Injectable()
export class TaskEscrow {
  constructor(private readonly points: PointsService) {}

  move(tx: Tx, task: Task, moves: readonly EscrowMove[]): void {
    for (const movement of movementsOf(task, moves)) this.points.postLater(tx, movement);
  }
}

/** The ledger's movements for what becomes of a task's money. */
export const movementsOf = (task: Task, moves: readonly EscrowMove[]): Movement[] =>
  moves.flatMap((move) => movementOf(task, move) ?? []);

/** None where the price stays what it was. */
function movementOf(task: Task, move: EscrowMove): Movement | undefined {
  const { id: reference, creatorId } = task;
  switch (move.kind) {
    case 'hold':
      return holdEscrow({ payer: creatorId, reference, amount: move.amount });
    case 'resize':
      return resizeEscrow({ payer: creatorId, reference, from: move.from, to: move.to, cause: move.cause });
    case 'pay':
      return releaseEscrow({ reference, payee: task.executorId!, amount: move.amount });
    case 'refund':
      return refund({ reference, payee: creatorId, amount: move.amount });
    case 'take_back':
      return overturnApproval(overturnOf(task, move));
    case 'pay_after_all':
      return overturnRejection(overturnOf(task, move));
  }
}

const overturnOf = (
  { id: reference, creatorId: creator, executorId }: Task,
  { disputeId, amount: price }: { disputeId: string; amount: Money },
): Overturn => ({ disputeId, reference, creator, executor: executorId!, price });
