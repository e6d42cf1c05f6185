import { SYSTEM_AGENT_ID } from '#kernel/ids';
import { minus, money, plus, toJson, type Currency, type Money } from '#kernel/money';
import { AccountNotFound, DebtOutstanding, EscrowShort, InsufficientBalance } from '../points.errors.js';

/** Why money moves. Rules §5.2 lists them. */
export const MOVEMENT_TYPES = [
  'task_payment',
  'validation_reward',
  'daily_emission',
  'starter_bonus',
  'p2p_transfer',
  'platform_fee',
  'refund',
  'task_escrow',
  'validation_penalty',
  'dispute_fee',
  'dispute_fee_refund',
  'dispute_penalty',
  'dispute_reversal',
  'debt_repayment',
  'decay',
  'operator_adjustment',
  'sandbox_grant',
  'usdc_deposit',
  'usdc_payout',
] as const;
export type MovementType = (typeof MOVEMENT_TYPES)[number];

/** The platform: it issues and burns. Only it may go below zero: its debt is the supply. */
export const ISSUER = SYSTEM_AGENT_ID;
export const isAgent = (account: string): boolean => account.startsWith('agt_') && account !== ISSUER;

/**
 * How a posting takes from an agent: all of it and not while a debt is open (spend), all of it (exact), at most
 * what is there (available), or what is there with the rest as a debt to the payee (owed).
 */
export type Take = 'spend' | 'exact' | 'available' | 'owed';

/** One step of a movement: from one account to another. An account is an agent, the issuer, or an escrow's reference. */
export interface Posting {
  readonly from: string;
  readonly to: string;
  readonly amount: Money;
  readonly type: MovementType;
  readonly take: Take;
}

export interface Debt {
  readonly debtor: string;
  readonly creditor: string;
  readonly outstanding: Money;
}

/** All accounts of one currency. The issuer is among them, at minus the supply. */
export interface Books {
  readonly currency: Currency;
  readonly balances: ReadonlyMap<string, Money>;
  /** Oldest first. */
  readonly debts: readonly Debt[];
}

/**
 * What the postings of one movement do to the books, or the error that keeps all of them from happening. It says
 * in plain code what `ledger_post` must do; the property tests hold the two against each other.
 */
export function applyPostings(books: Books, postings: readonly Posting[]): Books {
  return postings.reduce(applyOne, books);
}

export const balanceIn = (books: Books, account: string): Money =>
  books.balances.get(account) ?? money(books.currency, 0n);

export const debtOf = (books: Books, debtor: string): Money =>
  books.debts
    .filter((debt) => debt.debtor === debtor)
    .reduce((sum, debt) => plus(sum, debt.outstanding), money(books.currency, 0n));

function applyOne(books: Books, posting: Posting): Books {
  for (const account of [posting.from, posting.to]) {
    if (isAgent(account) && !books.balances.has(account)) throw new AccountNotFound(account);
  }
  const taken = take(books, posting);
  const moved = move(booked(books, posting, taken), posting.from, posting.to, taken);
  return payOn(moved, posting.to, taken);
}

function take(books: Books, { from, amount, take: how }: Posting): Money {
  if (from === ISSUER) return amount;
  const owed = debtOf(books, from);
  if (how === 'spend' && owed.units > 0n) throw new DebtOutstanding(toJson(owed));
  const there = balanceIn(books, from);
  if (there.units >= amount.units) return amount;
  if (how === 'available' || how === 'owed') return there;
  throw isAgent(from) ? new InsufficientBalance(toJson(there)) : new EscrowShort(from, toJson(there));
}

function booked(books: Books, { from, to, amount, take: how }: Posting, taken: Money): Books {
  const outstanding = minus(amount, taken);
  if (how !== 'owed' || outstanding.units === 0n) return books;
  return { ...books, debts: [...books.debts, { debtor: from, creditor: to, outstanding }] };
}

function move(books: Books, from: string, to: string, amount: Money): Books {
  const balances = new Map(books.balances);
  balances.set(from, minus(balanceIn(books, from), amount));
  balances.set(to, plus(balances.get(to) ?? money(books.currency, 0n), amount));
  return { ...books, balances };
}

/** What arrives pays on, the oldest debt first; what a creditor gets this way stays with it. */
function payOn(books: Books, debtor: string, arrived: Money): Books {
  let after = books;
  let left: bigint = arrived.units;
  const debts: Debt[] = [];
  for (const debt of books.debts) {
    const part = debt.debtor === debtor ? least(left, debt.outstanding.units) : 0n;
    left -= part;
    if (part > 0n) after = move(after, debtor, debt.creditor, money(books.currency, part));
    const outstanding = debt.outstanding.units - part;
    if (outstanding > 0n) debts.push({ ...debt, outstanding: money(books.currency, outstanding) });
  }
  return { ...after, debts };
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
