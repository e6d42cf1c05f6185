import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import type { DomainError } from '#kernel/errors/domain-error';
import { IdempotencyKeyReused } from '#kernel/errors/kernel.errors';
import type { Money } from '#kernel/money';
import { sha256 } from '#kernel/sha256';
import { Outbox } from '#platform/messaging';
import { readMoney } from './persistence/ledger.store.js';
import { TransferLane, type TransferOutcome, type TransferRow } from './persistence/transfer-lane.js';
import {
  AccountNotFound,
  CurrencyNotTransferable,
  DebtOutstanding,
  InsufficientBalance,
  PayeeNotFound,
  PayeeSuspended,
  TransferToSelf,
  UnpayableAmount,
} from './points.errors.js';

export interface Transfer {
  from: string;
  to: string;
  amount: Money;
  memo?: string | undefined;
  /** The Idempotency-Key and the fingerprint of the request it came with, as the kernel's `Once` has them. */
  once?: { key: string | undefined; fingerprint: Buffer } | undefined;
}

export interface Receipt {
  movementId: string;
  to: string;
  amount: Money;
  memo: string | null;
  /** What the payer had left. */
  balance: Money;
  at: Date;
  /** The same key and request as before: this is the first answer again. */
  replayed: boolean;
}

/** Payments between agents. They take no transaction: a batch commits its own. */
@Injectable()
export class Transfers {
  constructor(
    private readonly lane: TransferLane,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async transfer({ from, to, amount, memo, once }: Transfer): Promise<Receipt> {
    if (amount.currency !== 'points') throw new CurrencyNotTransferable(amount.currency);
    if (from === to) throw new TransferToSelf();
    const key =
      once?.key === undefined ? undefined : { keyHash: sha256(once.key), requestHash: once.fingerprint };
    const row = await this.lane.post({ from, to, amount, memo, key, at: this.clock.now() });
    if (row.status === 'posted') this.outbox.announce([from, to]);
    return receiptOf(row, from);
  }
}

function receiptOf(row: TransferRow, payer: string): Receipt {
  if (row.status !== 'posted' && row.status !== 'replayed') throw REFUSALS[row.status](row, payer);
  return {
    movementId: row.movement_id!,
    to: row.payee,
    amount: readMoney('points', row.amount),
    memo: row.memo,
    balance: readMoney('points', row.balance!),
    at: row.at,
    replayed: row.status === 'replayed',
  };
}

type Refusal = Exclude<TransferOutcome, 'posted' | 'replayed'>;

const REFUSALS: Readonly<Record<Refusal, (row: TransferRow, payer: string) => DomainError>> = {
  key_reused: () => new IdempotencyKeyReused(),
  no_payer: (_, payer) => new AccountNotFound(payer),
  no_payee: ({ payee }) => new PayeeNotFound(payee),
  to_self: () => new TransferToSelf(),
  invalid: ({ amount }) => new UnpayableAmount(Number(amount)),
  payee_suspended: ({ payee }) => new PayeeSuspended(payee),
  debt_outstanding: ({ balance }) => new DebtOutstanding(Number(balance)),
  insufficient_balance: ({ balance, amount }) => new InsufficientBalance(Number(balance), Number(amount)),
};
