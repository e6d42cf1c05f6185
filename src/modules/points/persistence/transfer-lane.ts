import { Injectable } from '@nestjs/common';
import { toDecimal, type Money } from '#kernel/money';
import { Database, isOutOfRoom } from '#platform/database';

/** A transfer whose form has been checked. Whether it may happen is decided under the locks. */
export interface TransferRequest {
  from: string;
  to: string;
  amount: Money;
  memo?: string | undefined;
  /** From the Idempotency-Key: SHA-256 of it, and of the request it came with. */
  key?: { keyHash: Buffer; requestHash: Buffer } | undefined;
  at: Date;
}

export type TransferOutcome =
  | 'posted'
  | 'replayed'
  | 'key_reused'
  | 'no_payer'
  | 'no_payee'
  | 'to_self'
  | 'invalid'
  | 'payee_suspended'
  | 'debt_outstanding'
  | 'insufficient_balance';

/** One row of the answer: numerics and the id as PostgreSQL prints them. */
export interface TransferRow {
  status: TransferOutcome;
  movement_id: string | null;
  payee: string;
  amount: string;
  memo: string | null;
  balance: string | null;
  at: Date;
}

interface Waiting {
  request: TransferRequest;
  resolve: (row: TransferRow) => void;
  reject: (error: unknown) => void;
}

const BATCH_MAX = 512;
const ATTEMPTS_MAX = 5;

/**
 * Group posting with natural batches: transfers that arrive while a batch is under way form the next one. No
 * timer, so that a lone transfer waits for nobody, and one lane, so that batches of one process never wait for
 * each other's locks. It commits by itself: never await it inside an open transaction.
 */
@Injectable()
export class TransferLane {
  private waiting: Waiting[] = [];
  private busy = false;

  constructor(private readonly database: Database) {}

  post(request: TransferRequest): Promise<TransferRow> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ request, resolve, reject });
      this.kick();
    });
  }

  private kick(): void {
    if (this.busy || this.waiting.length === 0) return;
    this.busy = true;
    // After the current round of reads, so that every request that has already arrived joins.
    setImmediate(() => void this.drain());
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, BATCH_MAX);
      await this.postTogether(batch);
    }
    this.busy = false;
  }

  private async postTogether(batch: readonly Waiting[], isAgain = false): Promise<void> {
    try {
      const rows = await this.call(batch.map(({ request }) => request));
      batch.forEach(({ resolve }, index) => resolve(rows[index]!));
    } catch (error) {
      // Where there is no room, asking for each by itself would only fail as often as there are items.
      if (!wasRolledBack(error) || isOutOfRoom(error)) return batch.forEach(({ reject }) => reject(error));
      // Whoever came between has committed, and is seen by the next try.
      if (!isAgain && isLostToAnother(error)) return this.postTogether(batch, true);
      // One bad item must not hurt its neighbours.
      for (const one of batch) await this.postAlone(one);
    }
  }

  private async postAlone({ request, resolve, reject }: Waiting): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        const [row] = await this.call([request]);
        return resolve(row!);
      } catch (error) {
        if (isKeyOfAnotherDeed(error)) return resolve(keyReused(request));
        if (attempt === ATTEMPTS_MAX || !isRetryable(error)) return reject(error);
      }
    }
  }

  private call(requests: readonly TransferRequest[]): Promise<TransferRow[]> {
    return this.database.query<TransferRow>(
      'SELECT * FROM ledger_transfer_batch($1, $2::bytea[], $3::bytea[], $4, $5, $6::numeric[], $7)',
      [
        // One commit, one time: that of the last to arrive.
        requests.reduce((latest, { at }) => (at > latest ? at : latest), requests[0]!.at),
        requests.map(({ key }) => key?.keyHash ?? null),
        requests.map(({ key }) => key?.requestHash ?? null),
        requests.map(({ from }) => from),
        requests.map(({ to }) => to),
        requests.map(({ amount }) => toDecimal(amount)),
        requests.map(({ memo }) => memo ?? null),
      ],
    );
  }
}

/**
 * PostgreSQL itself refused the statement, so that nothing of it happened. A connection that broke says nothing
 * of the kind: the batch may have committed, and posting it again could pay twice.
 */
const wasRolledBack = (error: unknown): boolean =>
  error instanceof Error && 'severity' in error && error.severity === 'ERROR';

const isLostToAnother = (error: unknown): boolean => isRetryable(error) || isKeyOfAnotherDeed(error);
const isRetryable = (error: unknown): boolean => hasCode(error, '40001') || hasCode(error, '40P01');
const isKeyOfAnotherDeed = (error: unknown): boolean => hasCode(error, 'LG422');
const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const keyReused = ({ to, amount, memo, at }: TransferRequest): TransferRow => ({
  status: 'key_reused',
  movement_id: null,
  payee: to,
  amount: toDecimal(amount),
  memo: memo ?? null,
  balance: null,
  at,
});
