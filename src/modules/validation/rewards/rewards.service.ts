import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import type { Tx } from '#kernel/tx';
import { PointsService } from '#modules/points';
import { UnitOfWork } from '#platform/database';
import { DueWork, type DueWorker } from '#platform/scheduling';
import { RewardStore, type Reward } from '../persistence/reward.store.js';

const CHUNK = 100;

/** Pays rewards, those that had to wait for a new day too. */
@Injectable()
@DueWork('validation-rewards')
export class Rewards implements DueWorker {
  constructor(
    private readonly store: RewardStore,
    private readonly points: PointsService,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async pay(tx: Tx, { validationId, agentId, amount }: Reward): Promise<void> {
    if (!(await this.store.markPaid(tx, validationId, this.clock.now()))) return;
    await this.points.reward(tx, { agentId, amount, cause: validationId, reference: validationId });
  }

  nextDue(): Promise<Date | null> {
    return this.store.nextDue();
  }

  async run(at: Date): Promise<void> {
    for (;;) {
      const due = await this.store.due(at, CHUNK);
      if (due.length === 0) return;
      for (const reward of due) await this.work.run((tx) => this.pay(tx, reward));
    }
  }
}
