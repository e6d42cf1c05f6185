import { Injectable } from '@nestjs/common';
import { toDecimal, type Money } from '#kernel/money';
import type { Tx } from '#kernel/tx';
import { Database, UnitOfWork } from '#platform/database';
import { readMoney } from './ledger.store.js';

/** What a day of emission pays, decided when the day is opened. */
export interface EmissionDay {
  /** `2026-03-12` */
  day: string;
  rate: Money;
  share: Money;
  eligible: number;
  paid: Money;
  agents: number;
  closed: boolean;
}

export interface EmissionTerms {
  rate: Money;
  share: Money;
  dayCap: Money;
  balanceCap: Money;
  eligible: number;
}

export interface Chunk {
  agents: number;
  amount: Money;
}

export interface DecayStep {
  step: number;
  at: Date;
  agents: number;
  burnt: Money;
  closed: boolean;
}

interface DayRow {
  day: string;
  rate: string;
  share: string;
  eligible: number;
  paid: string;
  agents: number;
  closed: boolean;
}

const DAY_COLUMNS = `to_char(day, 'YYYY-MM-DD') AS day, trim_scale(rate)::text AS rate,
  trim_scale(share)::text AS share, eligible, trim_scale(paid)::text AS paid, agents, closed_at IS NOT NULL AS closed`;

/** Money that the platform issues and burns for many at once. Each call commits a chunk of its own. */
@Injectable()
export class TreasuryStore {
  constructor(
    private readonly database: Database,
    private readonly work: UnitOfWork,
  ) {}

  async lastEmission(): Promise<EmissionDay | undefined> {
    const [row] = await this.database.query<DayRow>(
      `SELECT ${DAY_COLUMNS} FROM emission_days ORDER BY emission_days.day DESC LIMIT 1`,
    );
    return row && dayOf(row);
  }

  async emissionOf(day: string): Promise<EmissionDay | undefined> {
    const [row] = await this.database.query<DayRow>(
      `SELECT ${DAY_COLUMNS} FROM emission_days WHERE emission_days.day = $1`,
      [day],
    );
    return row && dayOf(row);
  }

  /** The terms stand from the first time: whoever opens the day again gets what was decided then. */
  openEmissionDay(day: string, terms: EmissionTerms, at: Date): Promise<EmissionDay> {
    return this.work.run(async (tx) => {
      const [row] = await tx.query<DayRow>(
        `SELECT ${DAY_COLUMNS} FROM ledger_open_emission_day($1, $2, $3, $4, $5, $6, $7)`,
        [
          day,
          toDecimal(terms.rate),
          toDecimal(terms.share),
          toDecimal(terms.dayCap),
          toDecimal(terms.balanceCap),
          terms.eligible,
          at,
        ],
      );
      return dayOf(row!);
    });
  }

  /** Pays those of these agents who were not paid on this day, and hands back those who owe. */
  emit(day: string, agentIds: readonly string[], at: Date): Promise<Chunk & { debtors: string[] }> {
    return this.work.run(async (tx) => {
      const [row] = await tx.query<{ agents: number; paid: string; debtors: string[] | null }>(
        'SELECT agents, trim_scale(paid)::text AS paid, debtors FROM ledger_emit($1, $2, $3)',
        [day, agentIds, at],
      );
      return { agents: row!.agents, amount: readMoney('points', row!.paid), debtors: row!.debtors ?? [] };
    });
  }

  /** An agent who owes is paid alone: what it gets goes on to its creditors. */
  emitToDebtor(day: string, agentId: string, at: Date): Promise<Money> {
    return this.work.run(async (tx) => {
      const [row] = await tx.query<{ paid: string }>(
        'SELECT trim_scale(paid)::text AS paid FROM ledger_emit_to_debtor($1, $2, $3)',
        [day, agentId, at],
      );
      return readMoney('points', row!.paid);
    });
  }

  closeEmissionDay(day: string, at: Date): Promise<void> {
    return this.act((tx) => tx.query('SELECT ledger_close_emission_day($1, $2)', [day, at]));
  }

  async decaySteps(): Promise<DecayStep[]> {
    const rows = await this.database.query<Omit<DecayStep, 'burnt'> & { burnt: string }>(
      `SELECT step, at, agents, trim_scale(burnt)::text AS burnt, closed_at IS NOT NULL AS closed
       FROM decay_steps ORDER BY step DESC LIMIT 100`,
    );
    return rows.map((row) => ({ ...row, burnt: readMoney('points', row.burnt) }));
  }

  snapshot(step: number, boundary: Date, at: Date): Promise<void> {
    return this.act((tx) => tx.query('SELECT ledger_snapshot($1, $2, $3)', [step, boundary, at]));
  }

  /** One chunk of accounts after this one. Nothing walked: there are no more. */
  decay(
    step: number,
    after: string,
    limit: number,
    at: Date,
  ): Promise<Chunk & { walked: number; last: string }> {
    return this.work.run(async (tx) => {
      const [row] = await tx.query<{ walked: number; last_id: string | null; agents: number; burnt: string }>(
        `SELECT walked, last_id, agents, trim_scale(burnt)::text AS burnt FROM ledger_decay($1, $2, $3, $4)`,
        [step, after, limit, at],
      );
      const { walked, last_id: last, agents, burnt } = row!;
      return { walked, last: last ?? after, agents, amount: readMoney('points', burnt) };
    });
  }

  /** What the step would burn if it ran now; nothing where there is no snapshot that old. */
  async previewDecay(step: number): Promise<Chunk> {
    const [row] = await this.database.query<{ agents: number; burnt: string }>(
      `SELECT count(*)::int AS agents, coalesce(trim_scale(sum(loss)), 0)::text AS burnt FROM (
         SELECT trunc(least(s.balance - (a.spent_total - s.spent_total), a.balance) * 0.10, 2) AS loss
           FROM balance_snapshots s JOIN accounts a ON a.id = s.account_id AND a.currency = 'points'
          WHERE s.step = $1 - 3 AND (a.last_decay_step IS NULL OR a.last_decay_step < $1)) losses
        WHERE loss > 0`,
      [step],
    );
    return { agents: row!.agents, amount: readMoney('points', row!.burnt) };
  }

  closeDecayStep(step: number, at: Date): Promise<void> {
    return this.act((tx) => tx.query('SELECT ledger_close_decay_step($1, $2)', [step, at]));
  }

  private async act(deed: (tx: Tx) => Promise<unknown>): Promise<void> {
    await this.work.run(deed);
  }
}

const dayOf = ({ rate, share, paid, ...row }: DayRow): EmissionDay => ({
  ...row,
  rate: readMoney('points', rate),
  share: readMoney('points', share),
  paid: readMoney('points', paid),
});
