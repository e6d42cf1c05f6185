import { Injectable } from '@nestjs/common';
import { minus, type Money } from '#kernel/money';
import { PointsService } from '#modules/points';
import { amountOf } from './domain/price.js';
import type { Task } from './domain/task.js';

type Paid = Pick<Task, 'id' | 'overturned' | 'payoutState' | 'payoutAmount' | 'acceptedCurrency'>;

/** What executors have received, by task; only tasks of which the creator still owes a part. */
export type Received = ReadonlyMap<string, Money>;

/** What has arrived of payments that an overturned rejection made a creator owe. */
@Injectable()
export class Payouts {
  constructor(private readonly points: PointsService) {}

  /** Asks the ledger for overturned tasks alone: no other payment leaves a debt. */
  async received(tasks: readonly Paid[]): Promise<Received> {
    const owing = tasks.filter(({ overturned, payoutState }) => overturned && payoutState === 'paid');
    const found = await Promise.all(
      owing.map(async (task) => [task, await this.points.openDebtFor(task.id)] as const),
    );
    return new Map(found.flatMap(([task, debt]) => (debt ? [[task.id, minus(promised(task), debt)]] : [])));
  }
}

const promised = ({ acceptedCurrency, payoutAmount }: Paid): Money =>
  amountOf(acceptedCurrency!, payoutAmount!);
