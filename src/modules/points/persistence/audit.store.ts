import { Injectable } from '@nestjs/common';
import type { Currency } from '#kernel/money';
import { Database, UnitOfWork } from '#platform/database';

export type DriftKind =
  | 'movement_unbalanced'
  | 'leg_without_movement'
  | 'leg_altered'
  | 'chain_broken'
  | 'balance_drift'
  | 'escrow_drift'
  | 'debt_drift'
  | 'supply_drift'
  | 'escrow_of_closed_task';

/** One thing that does not add up: which movement, leg or account, what it should be, and what is there. */
export interface Drift {
  kind: DriftKind;
  subject: string;
  currency: Currency;
  expected: string | null;
  found: string | null;
}

export interface Rebuilt {
  account: string;
  currency: Currency;
  kept: string | null;
  logged: string;
  repaired: boolean;
}

export interface Horizon {
  uptoId: string;
  runningBefore: string;
}

export interface FigureRow {
  currency: Currency;
  type: string;
  transactions: string;
  moved: string;
  issued: string;
  burnt: string;
  moved_since: string;
}

export interface SupplyRow {
  day: string;
  issued: string;
  burnt: string;
}

export interface HeldEscrow {
  reference: string;
  currency: Currency;
  balance: string;
}

/** What is summed up of the log, and what holds the books against it. */
@Injectable()
export class AuditStore {
  constructor(
    private readonly database: Database,
    private readonly work: UnitOfWork,
  ) {}

  drift(full: boolean, limit: number): Promise<Drift[]> {
    return this.database.query<Drift>(
      `SELECT kind, subject, currency, trim_scale(expected)::text AS expected, trim_scale(found)::text AS found
       FROM ledger_drift($1) LIMIT $2`,
      [full, limit],
    );
  }

  async horizon(): Promise<Horizon> {
    const [row] = await this.database.query<{ upto_id: string; running_before: string }>(
      'SELECT upto_id, running_before FROM ledger_horizon()',
    );
    return { uptoId: row!.upto_id, runningBefore: row!.running_before };
  }

  async isSettled({ runningBefore }: Horizon): Promise<boolean> {
    const [row] = await this.database.query<{ settled: boolean }>('SELECT ledger_is_settled($1) AS settled', [
      runningBefore,
    ]);
    return row!.settled;
  }

  async checkpoint(uptoId: string, at: Date): Promise<void> {
    await this.work.run((tx) => tx.query('SELECT ledger_checkpoint($1, $2)', [uptoId, at]));
  }

  async rollUp(uptoId: string, at: Date): Promise<void> {
    await this.work.run((tx) => tx.query('SELECT ledger_roll_up($1, $2)', [uptoId, at]));
  }

  /** Room for what is still to be written, well before it is needed. */
  async grow(): Promise<void> {
    await this.work.run((tx) => tx.query('SELECT ledger_grow()'));
  }

  rebuild(dryRun: boolean): Promise<Rebuilt[]> {
    return this.work.run((tx) =>
      tx.query<Rebuilt>(
        `SELECT account, currency, trim_scale(kept)::text AS kept, trim_scale(logged)::text AS logged, repaired
         FROM ledger_rebuild_balances($1)`,
        [dryRun],
      ),
    );
  }

  figures(sinceDay: string): Promise<FigureRow[]> {
    return this.database.query<FigureRow>(
      `SELECT currency, type, transactions, trim_scale(moved)::text AS moved, trim_scale(issued)::text AS issued,
         trim_scale(burnt)::text AS burnt, trim_scale(moved_since)::text AS moved_since
       FROM ledger_figures($1)`,
      [sinceDay],
    );
  }

  /** What was issued and burnt on each day since then: what was summed up, and the tail that was not yet. */
  async supplyDays(sinceDay: string): Promise<SupplyRow[]> {
    for (;;) {
      const mark = await this.summedUpTo();
      // Where the tail begins stands in a parameter, so that the planner knows how short it is.
      const rows = await this.database.query<SupplyRow>(
        `SELECT to_char(day, 'YYYY-MM-DD') AS day, trim_scale(sum(issued))::text AS issued,
           trim_scale(sum(burnt))::text AS burnt
         FROM (SELECT day, issued, burnt FROM ledger_totals WHERE currency = 'points' AND day >= $2::date
               UNION ALL
               SELECT (created_at AT TIME ZONE 'UTC')::date, greatest(-amount, 0), greatest(amount, 0)
               FROM transactions
               WHERE id > $1 AND movement_id > $1 AND currency = 'points' AND account_id = 'agt_system') AS moved
         WHERE day >= $2::date GROUP BY day ORDER BY day`,
        [mark, sinceDay],
      );
      // Summed up meanwhile, the tail would count twice.
      if ((await this.summedUpTo()) === mark) return rows;
    }
  }

  async idsNotSummedUp(): Promise<number> {
    const [{ uptoId }, mark] = await Promise.all([this.horizon(), this.summedUpTo()]);
    return Number(BigInt(uptoId) - BigInt(mark));
  }

  private async summedUpTo(): Promise<string> {
    const [mark] = await this.database.query<{ upto_id: string }>(
      `SELECT upto_id FROM ledger_marks WHERE name = 'totals'`,
    );
    return mark!.upto_id;
  }

  /** Balances that are not nothing, by how many hold them and where the middle, the tenth and the top lie. */
  async distribution(): Promise<{ holders: number; p50: string; p90: string; p99: string; top: string }> {
    const [row] = await this.database.query<{ holders: number; at: string[] | null; top: string }>(
      `SELECT count(*)::int AS holders, coalesce(trim_scale(max(balance)), 0)::text AS top,
         percentile_disc(ARRAY[0.5, 0.9, 0.99]) WITHIN GROUP (ORDER BY trim_scale(balance))::text[] AS at
       FROM accounts WHERE currency = 'points' AND balance > 0`,
    );
    const [p50 = '0', p90 = '0', p99 = '0'] = row!.at ?? [];
    return { holders: row!.holders, p50, p90, p99, top: row!.top };
  }

  async escrowed(): Promise<{ currency: Currency; balance: string }[]> {
    return this.database.query(
      'SELECT currency, trim_scale(sum(balance))::text AS balance FROM escrows WHERE balance > 0 GROUP BY currency',
    );
  }

  /** For whoever knows which of them should be empty by now. */
  heldEscrows(after: Pick<HeldEscrow, 'reference' | 'currency'>, limit: number): Promise<HeldEscrow[]> {
    return this.database.query<HeldEscrow>(
      `SELECT ${HELD} WHERE balance > 0 AND (reference, currency) > ($1, $2) ORDER BY reference, currency LIMIT $3`,
      [after.reference, after.currency, limit],
    );
  }

  heldFor(references: readonly string[]): Promise<HeldEscrow[]> {
    return this.database.query<HeldEscrow>(
      `SELECT ${HELD} WHERE balance > 0 AND reference = ANY ($1) ORDER BY reference, currency`,
      [references],
    );
  }
}

const HELD = 'reference, currency, trim_scale(balance)::text AS balance FROM escrows';
