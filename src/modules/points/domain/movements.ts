import { minus, money, points, splitShare, type Currency, type Money } from '#kernel/money';
import { ISSUER, type MovementType, type Posting, type Take } from './posting.js';

/**
 * THE list of every way money moves. A natural key says what moves and what caused it; the ledger lets each
 * happen once, for ever, whatever is retried or raced.
 */
export interface Movement {
  readonly key: string;
  readonly type: MovementType;
  readonly reference?: string;
  readonly memo?: string;
  readonly postings: readonly Posting[];
}

/** Rules §5.3. */
export const FEE_BPS: Readonly<Record<Currency, number>> = { points: 500, usdc: 300 };
/** Rules §2.9: enough to look around, then enough to post two or three tasks. */
export const STARTER_BONUS = { registered: points(10), verified: points(100) } as const;
export type StarterOccasion = keyof typeof STARTER_BONUS;

/** The burn and what is left of a price. The fee is rounded half up and never more than the price. */
export function feeOf(price: Money): { fee: Money; rest: Money } {
  const { share, rest } = splitShare(price, FEE_BPS[price.currency]);
  return { fee: share, rest };
}

export const starterBonus = (agentId: string, occasion: StarterOccasion): Movement => ({
  key: `starter_bonus:${agentId}:${occasion}`,
  type: 'starter_bonus',
  postings: [posting('starter_bonus', ISSUER, agentId, STARTER_BONUS[occasion])],
});

export interface Hold {
  payer: string;
  reference: string;
  amount: Money;
}
export const holdEscrow = ({ payer, reference, amount }: Hold): Movement => ({
  key: keyOf('task_escrow', amount.currency, reference),
  type: 'task_escrow',
  reference,
  postings: [posting('task_escrow', payer, reference, amount, 'spend')],
});

export interface Resize {
  payer: string;
  reference: string;
  from: Money;
  to: Money;
  /** What made the price change: `bid_…`, or `v3` for the third edit. */
  cause: string;
}
/** Dearer: the payer adds the difference. Cheaper: it goes back. The same price moves nothing. */
export function resizeEscrow({ payer, reference, from, to, cause }: Resize): Movement | undefined {
  const change = minus(to, from);
  if (change.units === 0n) return undefined;
  return {
    key: keyOf('task_escrow', to.currency, reference, cause),
    type: 'task_escrow',
    reference,
    postings: [
      change.units > 0n
        ? posting('task_escrow', payer, reference, change, 'spend')
        : posting('refund', reference, payer, minus(from, to)),
    ],
  };
}

export interface Release {
  reference: string;
  payee: string;
  amount: Money;
}
/** The executor's share and the burn leave together, so that nothing of the price stays behind. */
export function releaseEscrow({ reference, payee, amount }: Release): Movement {
  const { fee, rest } = feeOf(amount);
  return {
    key: keyOf('task_payment', amount.currency, reference),
    type: 'task_payment',
    reference,
    postings: real([
      posting('task_payment', reference, payee, rest),
      posting('platform_fee', reference, ISSUER, fee),
    ]),
  };
}

export const refund = ({ reference, payee, amount }: Release): Movement => ({
  key: keyOf('refund', amount.currency, reference),
  type: 'refund',
  reference,
  postings: [posting('refund', reference, payee, amount)],
});

/** A payment, fee or grant with a cause of its own: a vote, a dispute, an operator's act. */
export interface Caused {
  agentId: string;
  amount: Money;
  cause: string;
  reference?: string | undefined;
  memo?: string | undefined;
}

/** Rules §4.8. The platform pays. */
export const validationReward = (it: Caused): Movement => issued('validation_reward', it);
export const validationPenalty = (it: Caused): Movement => taken('validation_penalty', it, 'available');
export const disputeFee = (it: Caused): Movement => taken('dispute_fee', it, 'spend');
export const disputeFeeRefund = (it: Caused): Movement => issued('dispute_fee_refund', it);
export const disputePenalty = (it: Caused): Movement => taken('dispute_penalty', it, 'available');
export const operatorGrant = (it: Caused): Movement => issued('operator_adjustment', it);
export const operatorDeduction = (it: Caused): Movement => taken('operator_adjustment', it, 'exact');
export const sandboxGrant = (it: Caused): Movement => issued('sandbox_grant', it);
export const usdcDeposit = (it: Caused): Movement => issued('usdc_deposit', it);
export const usdcPayout = (it: Caused): Movement => taken('usdc_payout', it, 'spend');

export interface Overturn {
  disputeId: string;
  reference: string;
  creator: string;
  executor: string;
  price: Money;
}
/** The executor gives back what it received, the issuer the burnt fee: the creator has the whole price again. */
export function overturnApproval({ disputeId, reference, creator, executor, price }: Overturn): Movement {
  const { fee, rest } = feeOf(price);
  return {
    key: `dispute_reversal:${disputeId}`,
    type: 'dispute_reversal',
    reference,
    postings: real([
      posting('dispute_reversal', executor, creator, rest, 'owed'),
      posting('dispute_reversal', ISSUER, creator, fee),
    ]),
  };
}

/** The creator pays the price after all: the executor's share first; of the fee only what is there. */
export function overturnRejection({ disputeId, reference, creator, executor, price }: Overturn): Movement {
  const { fee, rest } = feeOf(price);
  return {
    key: `dispute_reversal:${disputeId}`,
    type: 'dispute_reversal',
    reference,
    postings: real([
      posting('dispute_reversal', creator, executor, rest, 'owed'),
      posting('platform_fee', creator, ISSUER, fee, 'available'),
    ]),
  };
}

/** What a transfer's batch posts. Its key is the caller's, so that a transfer sent twice arrives once. */
export const transfer = (key: string, from: string, to: string, amount: Money): Movement => ({
  key: `p2p_transfer:${from}:${key}`,
  type: 'p2p_transfer',
  postings: [posting('p2p_transfer', from, to, amount, 'spend')],
});

function issued(type: MovementType, { agentId, amount, ...it }: Caused): Movement {
  return caused(type, it, posting(type, ISSUER, agentId, amount));
}

function taken(type: MovementType, { agentId, amount, ...it }: Caused, take: Take): Movement {
  return caused(type, it, posting(type, agentId, ISSUER, amount, take));
}

function caused(type: MovementType, it: Omit<Caused, 'agentId' | 'amount'>, only: Posting): Movement {
  return {
    key: `${type}:${it.cause}`,
    type,
    postings: [only],
    ...(it.reference === undefined ? {} : { reference: it.reference }),
    ...(it.memo === undefined ? {} : { memo: it.memo }),
  };
}

/** A thing priced in both currencies has two escrows, so that USDC keys say so. */
const keyOf = (type: string, currency: Currency, ...parts: string[]): string =>
  [type, ...parts, ...(currency === 'usdc' ? ['usdc'] : [])].join(':');

function posting(type: MovementType, from: string, to: string, amount: Money, take: Take = 'exact'): Posting {
  return { type, from, to, amount, take };
}

/** A price of a cent has no fee, and what the platform owes itself moves nothing. */
const real = (postings: Posting[]): Posting[] =>
  postings.filter(({ from, to, amount }) => amount.units > 0n && from !== to);

/** A signed amount as what an operator does: give or take. */
export const adjustment = (signed: Money, it: Omit<Caused, 'amount'>): Movement =>
  signed.units < 0n
    ? operatorDeduction({ ...it, amount: minus(money(signed.currency, 0n), signed) })
    : operatorGrant({ ...it, amount: signed });
