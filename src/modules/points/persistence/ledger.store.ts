import { Injectable } from '@nestjs/common';
import { moneyFromDecimal, toDecimal, type Currency, type Money } from '#kernel/money';
import type { Tx } from '#kernel/tx';
import type { Movement } from '../domain/movements.js';
import { AccountNotFound, DebtOutstanding, EscrowShort, InsufficientBalance } from '../points.errors.js';

export interface Posted {
  movementId: string;
  /** False when the same cause had moved the money before: nothing was posted again. */
  fresh: boolean;
}

/** The only SQL of the ledger. What it calls are PostgreSQL functions: see the migrations. */
@Injectable()
export class LedgerStore {
  async open(tx: Tx, agentId: string, at: Date): Promise<void> {
    await tx.query('SELECT ledger_open($1, $2)', [agentId, at]);
  }

  async setStanding(tx: Tx, agentId: string, mayReceive: boolean): Promise<void> {
    await asDomainError(tx.query('SELECT ledger_set_standing($1, $2)', [agentId, mayReceive]));
  }

  async post(tx: Tx, movement: Movement, at: Date): Promise<Posted> {
    const answer = tx.prepared<{ movement_id: string; posted: boolean }>(...posting(movement, at));
    const [row] = await asDomainError(answer);
    return { movementId: row!.movement_id, fresh: row!.posted };
  }

  /** For who does not ask whether it is the first time. */
  postLater(tx: Tx, movement: Movement, at: Date): void {
    tx.write(...posting(movement, at), (error) => domainErrorOf(error) ?? error);
  }

  /** What a movement took from an account by its own postings, whether it was posted now or long ago. */
  async taken(tx: Tx, movementId: string, agentId: string, currency: Currency): Promise<Money> {
    const [row] = await tx.query<{ taken: string }>(
      `SELECT coalesce(-sum(amount), 0)::text AS taken FROM transactions
       WHERE movement_id = $1 AND account_id = $2 AND amount < 0 AND type <> 'debt_repayment'`,
      [movementId, agentId],
    );
    return readMoney(currency, row!.taken);
  }
}

export function readMoney(currency: Currency, text: string): Money {
  const amount = moneyFromDecimal(currency, text);
  if (!amount) throw new Error(`The ledger answered ${text}, which is no amount of ${currency}.`);
  return amount;
}

const posting = (movement: Movement, at: Date): [name: string, sql: string, params: unknown[]] => [
  'post-movement',
  'SELECT movement_id, posted FROM ledger_post($1, $2, $3, $4, $5, $6, $7, $8, $9::numeric[], $10, $11)',
  [
    movement.key,
    movement.type,
    movement.reference ?? null,
    movement.memo ?? null,
    currencyOf(movement),
    at,
    movement.postings.map(({ from }) => from),
    movement.postings.map(({ to }) => to),
    movement.postings.map(({ amount }) => toDecimal(amount)),
    movement.postings.map(({ type }) => type),
    movement.postings.map(({ take }) => take),
  ],
];

/** A movement is of one currency: a thing with two prices has two escrows and two movements. */
function currencyOf({ key, postings }: Movement): Currency {
  const currencies = new Set(postings.map(({ amount }) => amount.currency));
  const [currency] = currencies;
  if (!currency || currencies.size > 1) throw new Error(`${key} is not of one currency.`);
  return currency;
}

/** The ledger refuses with its own SQLSTATEs and says in the detail whom it refused, and what was there. */
async function asDomainError<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw domainErrorOf(error) ?? error;
  }
}

function domainErrorOf(error: unknown): Error | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('detail' in error)) return undefined;
  const [account = '', amount = '0'] = String(error.detail).split(' ');
  switch (error.code) {
    case 'LG402':
      return new InsufficientBalance(Number(amount));
    case 'LG403':
      return new DebtOutstanding(Number(amount));
    case 'LG404':
      return account.startsWith('agt_') ? new AccountNotFound(account) : new EscrowShort(account, 0);
    case 'LG409':
      return new EscrowShort(account, Number(amount));
    default:
      return undefined;
  }
}
