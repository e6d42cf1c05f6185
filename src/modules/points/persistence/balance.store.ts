import { Injectable } from '@nestjs/common';
import type { Currency, Money } from '#kernel/money';
import type { Tx } from '#kernel/tx';
import { Gather } from '#platform/concurrency';
import { Database } from '#platform/database';
import { AccountNotFound } from '../points.errors.js';
import { readMoney } from './ledger.store.js';

export interface Balance {
  points: Money;
  usdc: Money;
  /** What reversals left unpaid, in points. Spending waits for it. */
  debt: Money;
}

/** What an account holds, without locking it. */
@Injectable()
export class BalanceStore {
  private readonly balances = new Gather<Balance>(async (ids) =>
    byAgent(await this.database.prepared<BalanceRow>('balances', BALANCES, [ids])),
  );

  private readonly debts = new Gather<Money>(async (references) => {
    const rows = await this.database.prepared<DebtRow>('open-debts-for', OPEN_DEBTS, [references]);
    return new Map(rows.map(({ reference, currency, open }) => [reference, readMoney(currency, open)]));
  });

  constructor(private readonly database: Database) {}

  /** With a transaction, as it stands in there. */
  async of(agentId: string, tx?: Tx): Promise<Balance> {
    const balance = tx
      ? byAgent(await tx.query(BALANCES, [[agentId]])).get(agentId)
      : await this.balances.get(agentId);
    if (!balance) throw new AccountNotFound(agentId);
    return balance;
  }

  /** What is still owed of the payment with this reference. */
  openDebtFor(reference: string): Promise<Money | undefined> {
    return this.debts.get(reference);
  }

  /**
   * What the next decay step would burn as things stand: a tenth of what is left of the points held two steps
   * before the last one. Undefined while nothing is that old.
   */
  async nextDecay(agentId: string): Promise<{ at: Date; amount: Money } | undefined> {
    const [row] = await this.database.query<{ at: Date; amount: string }>(
      `SELECT last.at + interval '720 hours' AS at,
         trunc(greatest(0, least(s.balance - (a.spent_total - s.spent_total), a.balance)) * 0.10, 2)::text AS amount
       FROM (SELECT step, at FROM decay_steps ORDER BY step DESC LIMIT 1) last
         JOIN balance_snapshots s ON s.step = last.step - 2 AND s.account_id = $1
         JOIN accounts a ON a.id = s.account_id AND a.currency = 'points'`,
      [agentId],
    );
    return row && { at: row.at, amount: readMoney('points', row.amount) };
  }
}

interface BalanceRow {
  id: string;
  points: string;
  usdc: string;
  debt: string;
}

interface DebtRow {
  reference: string;
  currency: Currency;
  open: string;
}

/** A payment is of one currency, and is reversed once at the most. */
const OPEN_DEBTS = `SELECT reference, currency, sum(outstanding)::text AS open FROM debts
   WHERE reference = ANY ($1) AND outstanding > 0 GROUP BY reference, currency`;

const BALANCES = `SELECT points.id, points.balance::text AS points, usdc.balance::text AS usdc, points.debt::text AS debt
    FROM accounts points JOIN accounts usdc ON usdc.id = points.id AND usdc.currency = 'usdc'
   WHERE points.currency = 'points' AND points.id = ANY ($1)`;

const byAgent = (rows: readonly BalanceRow[]): Map<string, Balance> =>
  new Map(rows.map(({ id, points, usdc, debt }) => [id, balanceOf(points, usdc, debt)]));

const balanceOf = (points: string, usdc: string, debt: string): Balance => ({
  points: readMoney('points', points),
  usdc: readMoney('usdc', usdc),
  debt: readMoney('points', debt),
});
