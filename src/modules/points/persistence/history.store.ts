import { Injectable } from '@nestjs/common';
import type { Currency } from '#kernel/money';
import type { Tx } from '#kernel/tx';
import { Database } from '#platform/database';
import type { MovementType } from '../domain/posting.js';

export interface HistoryFilter {
  /** Rows that add (earned), rows that take (spent), or one way of moving. */
  type?: MovementType | 'earned' | 'spent' | undefined;
  from?: Date | undefined;
  /** Exclusive. */
  to?: Date | undefined;
  currency?: Currency | undefined;
  /** The id of the last row of the page before. */
  before?: string | undefined;
  limit: number;
}

/** One leg on the agent's account, amounts as PostgreSQL prints them: signed, without trailing zeros. */
export interface HistoryRow {
  id: string;
  movement_id: string;
  type: MovementType;
  currency: Currency;
  amount: string;
  counterparty: string | null;
  balance_after: string;
  reference: string | null;
  memo: string | null;
  created_at: Date;
}

/** What happened on an account, newest first, in the order in which it happened. */
@Injectable()
export class HistoryStore {
  constructor(private readonly database: Database) {}

  page(agentId: string, filter: HistoryFilter): Promise<HistoryRow[]> {
    const params: unknown[] = [agentId, filter.limit];
    const bind = (value: unknown): string => `$${params.push(value)}`;
    const conditions = ['account_id = $1', ...conditionsOf(filter, bind)];
    return this.database.query<HistoryRow>(
      `SELECT id, movement_id, type, currency, trim_scale(amount)::text AS amount,
         CASE WHEN amount > 0 THEN from_agent_id ELSE to_agent_id END AS counterparty,
         trim_scale(balance_after)::text AS balance_after, reference, memo, created_at
       FROM transactions WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT $2`,
      params,
    );
  }

  /** Who paid or was paid by this agent in transfers since then. */
  async transferPartners(tx: Tx, agentId: string, since: Date): Promise<string[]> {
    const rows = await tx.query<{ partner: string }>(
      `SELECT DISTINCT CASE WHEN amount > 0 THEN from_agent_id ELSE to_agent_id END AS partner
       FROM transactions
       WHERE account_id = $1 AND type = 'p2p_transfer' AND created_at >= $2`,
      [agentId, since],
    );
    return rows.map(({ partner }) => partner);
  }
}

function conditionsOf(filter: HistoryFilter, bind: (value: unknown) => string): string[] {
  const conditions: string[] = [];
  if (filter.type === 'earned') conditions.push('amount > 0');
  else if (filter.type === 'spent') conditions.push('amount < 0');
  else if (filter.type) conditions.push(`type = ${bind(filter.type)}`);
  if (filter.from) conditions.push(`created_at >= ${bind(filter.from)}`);
  if (filter.to) conditions.push(`created_at < ${bind(filter.to)}`);
  if (filter.currency) conditions.push(`currency = ${bind(filter.currency)}`);
  if (filter.before) conditions.push(`id < ${bind(filter.before)}`);
  return conditions;
}
