import { Injectable } from '@nestjs/common';
import { asUnits, money, moneyFromDecimal, toDecimal, type Money } from '#kernel/money';
import type { Tx } from '#kernel/tx';
import { Database } from '#platform/database';

export interface Reward {
  validationId: string;
  agentId: string;
  creatorId: string;
  amount: Money;
  earnedAt: Date;
  dueAt: Date;
}

type RewardRow = Omit<Reward, 'amount'> & { amount: string };

@Injectable()
export class RewardStore {
  constructor(private readonly database: Database) {}

  /** False when it is known: the news of a seat's end may come twice. */
  async insert(tx: Tx, reward: Reward): Promise<boolean> {
    const inserted = await tx.query(
      `INSERT INTO validation_rewards (validation_id, agent_id, creator_agent_id, amount, earned_at, due_at)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT ON CONSTRAINT validation_rewards_pkey DO NOTHING RETURNING 1`,
      [
        reward.validationId,
        reward.agentId,
        reward.creatorId,
        toDecimal(reward.amount),
        reward.earnedAt,
        reward.dueAt,
      ],
    );
    return inserted.length > 0;
  }

  async markPaid(tx: Tx, validationId: string, at: Date): Promise<boolean> {
    const paid = await tx.query(
      'UPDATE validation_rewards SET paid_at = $2 WHERE validation_id = $1 AND paid_at IS NULL RETURNING 1',
      [validationId, at],
    );
    return paid.length > 0;
  }

  /** What votes on one creator's tasks have earned since then and were paid at once. */
  async mintedSince(tx: Tx, creatorId: string, since: Date): Promise<Money> {
    return this.sum(
      tx,
      `SELECT coalesce(sum(amount), 0) AS sum FROM validation_rewards
        WHERE creator_agent_id = $1 AND earned_at >= $2 AND due_at = earned_at`,
      [creatorId, since],
    );
  }

  async feesBurntSince(tx: Tx, creatorId: string, since: Date): Promise<Money> {
    return this.sum(
      tx,
      `SELECT coalesce(sum(fee_burnt), 0) AS sum FROM judgements
        WHERE creator_agent_id = $1 AND fee_burnt > 0 AND decided_at >= $2`,
      [creatorId, since],
    );
  }

  async nextDue(): Promise<Date | null> {
    const [row] = await this.database.query<{ due: Date | null }>(
      'SELECT min(due_at) AS due FROM validation_rewards WHERE paid_at IS NULL',
    );
    return row!.due;
  }

  async due(at: Date, limit: number): Promise<Reward[]> {
    const rows = await this.database.query<RewardRow>(
      `SELECT validation_id AS "validationId", agent_id AS "agentId", creator_agent_id AS "creatorId", amount,
              earned_at AS "earnedAt", due_at AS "dueAt"
         FROM validation_rewards WHERE paid_at IS NULL AND due_at <= $1 ORDER BY due_at, validation_id LIMIT $2`,
      [at, limit],
    );
    return rows.map((row) => ({ ...row, amount: moneyFromDecimal('points', row.amount)! }));
  }

  private async sum(tx: Tx, sql: string, params: readonly unknown[]): Promise<Money> {
    const [row] = await tx.query<{ sum: string }>(sql, params);
    return moneyFromDecimal('points', row!.sum) ?? money('points', asUnits(0n));
  }
}
