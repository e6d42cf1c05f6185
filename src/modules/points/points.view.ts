import { ApiProperty } from '@nestjs/swagger';
import { toJson, type Currency } from '#kernel/money';
import { NextAction } from '#platform/http';
import type { Verification } from './audit.service.js';
import type { MovementType } from './domain/posting.js';
import type { EconomyFigures } from './figures.service.js';
import type { Rebuilt } from './persistence/audit.store.js';
import type { HistoryRow } from './persistence/history.store.js';
import type { Receipt } from './transfers.service.js';

export class NextDecay {
  /** @example 2026-05-31T00:00:00.000Z */
  at: string;
  /**
   * What would be burnt then, if nothing is spent until then.
   * @example 12.5
   */
  amount: number;
}

export class PointsBalance {
  /** @example agt_7f3a9b2c */
  agent_id: string;
  /** @example 110 */
  balance_points: number;
  /** @example 0 */
  balance_usdc: number;
  /**
   * Still owed from reversed payments; whatever arrives pays it first, and spending waits for it.
   * @example 0
   */
  debt_points: number;
  /** Points that nobody used for 90 days lose a tenth every 30 days. */
  decays_next: NextDecay | null;
  next_actions: NextAction[];
}

export class PointsTransferred {
  /** @example "1042" */
  movement_id: string;
  /** @example agt_7f3a9b2c */
  from_agent_id: string;
  /** @example agt_9c4d8e1f */
  to_agent_id: string;
  /** @example 50 */
  amount: number;
  /** @example points */
  currency: Currency;
  /** @example 0 */
  fee: number;
  /** @example "Payment for logo design consultation" */
  memo: string | null;
  /**
   * What the payer had left.
   * @example 60
   */
  balance: number;
  /** @example 2026-03-12T18:00:00.000Z */
  created_at: string;
}

export class PointsMovement {
  /** @example "1042" */
  movement_id: string;
  /** @example p2p_transfer */
  type: MovementType;
  /** @example points */
  currency: Currency;
  /**
   * Above zero for what came in, below for what went out.
   * @example -50
   */
  amount: number;
  /**
   * An agent, `agt_system` for the platform, or the task whose escrow it was.
   * @example agt_9c4d8e1f
   */
  counterparty: string;
  /** @example 60 */
  balance_after: number;
  /**
   * The cause, such as a task or a validation.
   * @example tsk_abc12345
   */
  reference: string | null;
  /**
   * The task it belongs to; null if there is none.
   * @example tsk_abc12345
   */
  task_id: string | null;
  /** @example "Payment for logo design consultation" */
  memo: string | null;
  /** @example 2026-03-12T18:00:00.000Z */
  created_at: string;
}

export class PointsHistory {
  data: PointsMovement[];
  /** @example WyJoaXN0b3J5IiwxMDQyXQ */
  next_cursor: string | null;
}

export class PointsDistribution {
  /**
   * Accounts that hold anything.
   * @example 120
   */
  holders: number;
  /** @example 110 */
  p50: number;
  /** @example 640 */
  p90: number;
  /** @example 3100 */
  p99: number;
  /** @example 4875 */
  top: number;
  /**
   * Counting every holder is expensive, so in a large economy this is some seconds older than the rest.
   * @example 2026-03-12T18:00:00.000Z
   */
  as_of: string;
}

export class MovementFigures {
  /** @example daily_emission */
  type: string;
  /** @example points */
  currency: Currency;
  /** @example 1200 */
  transactions: number;
  /** @example 24000 */
  amount: number;
}

export class PointsEconomy {
  /**
   * Minted less burnt: what agents and escrows hold together.
   * @example 24650
   */
  total_supply: number;
  /**
   * What the last day of emission paid.
   * @example 1000
   */
  daily_emission: number;
  /** @example 1840 */
  total_transactions: number;
  /**
   * Held for tasks that are not settled.
   * @example 1500
   */
  escrowed: number;
  /** @example 24000 */
  emitted: number;
  /** @example 25000 */
  issued: number;
  /** @example 350 */
  burnt: number;
  /**
   * How often a point changed hands in 30 days.
   * @example 0.42
   */
  velocity: number;
  distribution: PointsDistribution;
  by_type: MovementFigures[];
  /**
   * When it was so, at most two seconds ago.
   * @example 2026-03-12T18:00:00.000Z
   */
  as_of: string;
}

export class PointsVesting {
  /** @example agt_7f3a9b2c */
  agent_id: string;
  /** @example 110 */
  balance_points: number;
  /**
   * Its part of all points there are, 0 to 1, rounded down.
   * @example 0.004462
   */
  share_of_supply: number;
  /** @example "Points may convert to a token; that they will is not promised." */
  statement: string;
}

export class PointsGranted {
  /** @example "1043" */
  movement_id: string;
  /** @example agt_7f3a9b2c */
  agent_id: string;
  /** @example 1000 */
  amount: number;
  /** @example 1110 */
  balance_points: number;
}

export class LedgerDrift {
  /**
   * Which rule does not hold.
   * @example balance
   */
  kind: string;
  /**
   * The account, movement or row.
   * @example agt_7f3a9b2c
   */
  subject: string;
  /** @example points */
  currency: Currency;
  /** @example "110.00" */
  expected: string | null;
  /** @example "111.00" */
  found: string | null;
}

export class LedgerVerified {
  /** @example true */
  clean: boolean;
  /** @example false */
  full: boolean;
  drifts: LedgerDrift[];
}

export class RebuiltBalance {
  /** @example agt_7f3a9b2c */
  account: string;
  /** @example points */
  currency: Currency;
  /** @example "111.00" */
  kept: string | null;
  /** @example "110.00" */
  logged: string;
  /** @example false */
  repaired: boolean;
}

export class BalancesRebuilt {
  @ApiProperty({ example: true })
  dry_run: boolean;
  data: RebuiltBalance[];
}

export const toTransferred = (receipt: Receipt, payer: string): PointsTransferred => ({
  movement_id: receipt.movementId,
  from_agent_id: payer,
  to_agent_id: receipt.to,
  amount: toJson(receipt.amount),
  currency: 'points',
  fee: 0,
  memo: receipt.memo,
  balance: toJson(receipt.balance),
  created_at: receipt.at.toISOString(),
});

export const toMovement = (row: HistoryRow): PointsMovement => ({
  movement_id: row.movement_id,
  type: row.type,
  currency: row.currency,
  amount: Number(row.amount),
  counterparty: row.counterparty ?? '',
  balance_after: Number(row.balance_after),
  reference: row.reference,
  task_id: isTaskId(row.reference) ? row.reference : null,
  memo: row.memo,
  created_at: row.created_at.toISOString(),
});

/** The ledger's references are opaque; on the wire the prefix of an id says what it names. */
const isTaskId = (reference: string | null): boolean => reference?.startsWith('tsk_') ?? false;

export const toEconomy = (figures: EconomyFigures): PointsEconomy => ({
  total_supply: toJson(figures.totalSupply),
  daily_emission: toJson(figures.dailyEmission),
  total_transactions: figures.totalTransactions,
  escrowed: toJson(figures.escrowed),
  emitted: toJson(figures.emitted),
  issued: toJson(figures.issued),
  burnt: toJson(figures.burnt),
  velocity: figures.velocity,
  distribution: {
    holders: figures.distribution.holders,
    p50: toJson(figures.distribution.p50),
    p90: toJson(figures.distribution.p90),
    p99: toJson(figures.distribution.p99),
    top: toJson(figures.distribution.top),
    as_of: figures.distribution.asOf.toISOString(),
  },
  by_type: figures.types.map(({ type, currency, transactions, moved }) => ({
    type,
    currency,
    transactions,
    amount: toJson(moved),
  })),
  as_of: figures.asOf.toISOString(),
});

export const toVerified = ({ full, drifts }: Verification): LedgerVerified => ({
  clean: drifts.length === 0,
  full,
  drifts,
});

export const toRebuilt = (dryRun: boolean, rebuilt: readonly Rebuilt[]): BalancesRebuilt => ({
  dry_run: dryRun,
  data: [...rebuilt],
});
