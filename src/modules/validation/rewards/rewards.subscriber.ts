import { Injectable } from '@nestjs/common';
import { before, Clock, DAY_MS, periodStart } from '#kernel/clock';
import { SYSTEM_AGENT_ID } from '#kernel/ids';
import type { Money } from '#kernel/money';
import type { Tx } from '#kernel/tx';
import { PointsService } from '#modules/points';
import { UnitOfWork } from '#platform/database';
import { type RecordedEvent, OnDomainEvent } from '#platform/messaging';
import { FEES_COUNTED_MS, rewardDueAt } from '../domain/reward-cap.js';
import { moneyFor } from '../domain/rewards.js';
import { JudgementStore } from '../persistence/judgement.store.js';
import { RewardStore } from '../persistence/reward.store.js';
import { SettingsStore } from '../persistence/settings.store.js';
import { Rewards } from './rewards.service.js';

type Closed = RecordedEvent<'validation.closed'>;

/** Rules §4.8: pays for votes and fines silence, once for each seat, whatever the verdict was. */
@Injectable()
export class RewardsSubscriber {
  constructor(
    private readonly points: PointsService,
    private readonly rewards: Rewards,
    private readonly store: RewardStore,
    private readonly judgements: JudgementStore,
    private readonly settings: SettingsStore,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  @OnDomainEvent('validation.closed', { subscriber: 'validation-rewards' })
  async settle({ data }: Closed): Promise<void> {
    const owed = moneyFor(data.why);
    if (!owed) return;
    await this.work.run((tx) =>
      'reward' in owed ? this.reward(tx, data, owed.reward) : this.fine(tx, data, owed.penalty),
    );
  }

  private async fine(tx: Tx, { agent_id: agentId, validation_id: cause }: Closed['data'], amount: Money) {
    await this.points.penalize(tx, { agentId, amount, cause, reference: cause });
  }

  private async reward(tx: Tx, data: Closed['data'], amount: Money): Promise<void> {
    const { creatorId } = await this.judgements.get(data.submission_id, tx);
    const earnedAt = this.clock.now();
    const dueAt = await this.dueAt(tx, creatorId, amount, earnedAt);
    const reward = {
      validationId: data.validation_id,
      agentId: data.agent_id,
      creatorId,
      amount,
      earnedAt,
      dueAt,
    };
    const isNews = await this.store.insert(tx, reward);
    if (isNews && dueAt <= earnedAt) await this.rewards.pay(tx, reward);
  }

  private async dueAt(tx: Tx, creatorId: string, amount: Money, at: Date): Promise<Date> {
    const { cap_rewards: isCapped } = await this.settings.get(tx);
    if (!isCapped || creatorId === SYSTEM_AGENT_ID) return at;
    const minted = await this.store.mintedSince(tx, creatorId, periodStart(at, DAY_MS));
    const fees = await this.store.feesBurntSince(tx, creatorId, before(at, FEES_COUNTED_MS));
    return rewardDueAt(amount, minted, fees, at);
  }
}
