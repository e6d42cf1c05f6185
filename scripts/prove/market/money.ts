import type { Money } from '../../../src/kernel/money.js';
import * as movements from '../../../src/modules/points/domain/movements.js';
import type { Movement } from '../../../src/modules/points/domain/movements.js';
import type { Resolution } from '../../../src/modules/tasks/domain/dispute.js';
import type { EscrowChange } from '../../../src/modules/tasks/domain/price.js';
import type { MoneyConsequence } from '../../../src/modules/tasks/domain/settle.js';
import type { Task } from '../../../src/modules/tasks/domain/task.js';

export const resizes = (before: Task, changes: readonly EscrowChange[], cause: string) =>
  changes.map(({ from, to }) =>
    movements.resizeEscrow({ payer: before.creatorId, reference: before.id, from, to, cause }),
  );

export const refunds = ({ id, creatorId }: Task, amounts: readonly Money[]): Movement[] =>
  amounts.map((amount) => movements.refund({ reference: id, payee: creatorId, amount }));

export function moved(task: Task, { kind, amount }: MoneyConsequence): readonly Movement[] {
  if (kind === 'hold') return [];
  if (kind === 'refund') return refunds(task, [amount]);
  return [movements.releaseEscrow({ reference: task.id, payee: task.executorId!, amount })];
}

export function resolved(task: Task, money: Resolution['money']): readonly Movement[] {
  const { id: reference, creatorId: creator, executorId } = task;
  const overturn = (price: Money) => ({
    disputeId: `dsp_${reference}`,
    reference,
    creator,
    executor: executorId!,
    price,
  });
  switch (money.kind) {
    case 'stay':
      return [];
    case 'take_back':
      return [movements.overturnApproval(overturn(money.amount))];
    case 'pay_after_all':
      return [movements.overturnRejection(overturn(money.amount))];
    case 'pay':
    case 'refund':
    case 'hold':
      return moved(task, money);
  }
}
