import * as fc from 'fast-check';
import { money, points, toDecimal, type Currency, type Money } from '#kernel/money';
import {
  adjustment,
  feeOf,
  holdEscrow,
  overturnApproval,
  overturnRejection,
  refund,
  releaseEscrow,
  resizeEscrow,
  starterBonus,
  type Movement,
} from './movements.js';
import { applyPostings, balanceIn, debtOf, ISSUER, type Books } from './posting.js';

const [creator, executor, task] = ['agt_creator0', 'agt_executor', 'tsk_00000001'];
const after = (books: Books, ...movements: (Movement | undefined)[]): Books =>
  movements.reduce((now, movement) => applyPostings(now, movement?.postings ?? []), books);
const having = (currency: Currency, units: bigint): Books => ({
  currency,
  debts: [],
  balances: new Map([
    [creator, money(currency, units)],
    [executor, money(currency, 0n)],
    [ISSUER, money(currency, -units)],
  ]),
});
const price = fc.record({
  currency: fc.constantFrom<Currency>('points', 'usdc'),
  units: fc.bigInt(1n, 100_000_000n),
});

describe('feeOf', () => {
  it.each([
    { price: points(10), fee: '0.50', rest: '9.50' },
    { price: money('points', 1_010n), fee: '0.51', rest: '9.59' },
    { price: money('points', 1_009n), fee: '0.50', rest: '9.59' },
    { price: money('points', 1n), fee: '0.00', rest: '0.01' },
    { price: money('usdc', 5_000_000n), fee: '0.150000', rest: '4.850000' },
    { price: money('usdc', 17n), fee: '0.000001', rest: '0.000016' },
  ])('$price.units $price.currency: fee $fee, rest $rest', ({ price: whole, fee, rest }) => {
    const split = feeOf(whole);
    expect([toDecimal(split.fee), toDecimal(split.rest)]).toEqual([fee, rest]);
  });
});

describe('an escrow', () => {
  it('ends at nothing when paid or refunded, at every price, resized or not, and nothing is lost', () => {
    fc.assert(
      fc.property(price, fc.bigInt(1n, 100_000_000n), fc.boolean(), ({ currency, units }, other, paid) => {
        const [first, last] = [money(currency, units), money(currency, other)];
        const end = paid ? releaseEscrow : refund;
        const books = after(
          having(currency, units + other),
          holdEscrow({ payer: creator, reference: task, amount: first }),
          resizeEscrow({ payer: creator, reference: task, from: first, to: last, cause: 'bid_1' }),
          end({ reference: task, payee: paid ? executor : creator, amount: last }),
        );
        expect(balanceIn(books, task).units).toBe(0n);
        expect([...books.balances.values()].reduce((sum, { units: each }) => sum + each, 0n)).toBe(0n);
        expect(balanceIn(books, executor)).toEqual(paid ? feeOf(last).rest : money(currency, 0n));
      }),
    );
  });

  it('moves nothing when the price stays', () => {
    expect(
      resizeEscrow({ payer: creator, reference: task, from: points(5), to: points(5), cause: 'v1' }),
    ).toBeUndefined();
  });
});

describe('an overturned verdict', () => {
  const disputed = (whole: Money) => ({
    disputeId: 'dsp_1',
    reference: task,
    creator,
    executor,
    price: whole,
  });
  const paidOut = (whole: Money): Books =>
    after(
      having(whole.currency, whole.units),
      holdEscrow({ payer: creator, reference: task, amount: whole }),
      releaseEscrow({ reference: task, payee: executor, amount: whole }),
    );

  it('approved, then rejected: the creator has the whole price again, the executor nothing', () => {
    fc.assert(
      fc.property(price, ({ currency, units }) => {
        const whole = money(currency, units);
        const books = after(paidOut(whole), overturnApproval(disputed(whole)));
        expect([balanceIn(books, creator), balanceIn(books, executor)]).toEqual([whole, money(currency, 0n)]);
      }),
    );
  });

  it('rejected, then approved: the share comes before the fee, and what is missing of the fee is waived', () => {
    const books = after(having('points', 9_700n), overturnRejection(disputed(points(100))));
    expect(
      [balanceIn(books, executor), balanceIn(books, creator), debtOf(books, creator)].map(toDecimal),
    ).toEqual(['95.00', '0.00', '0.00']);
    const poorer = after(having('points', 4_000n), overturnRejection(disputed(points(100))));
    expect([balanceIn(poorer, executor), debtOf(poorer, creator)].map(toDecimal)).toEqual(['40.00', '55.00']);
  });

  it('of a task of the platform moves no fee from the platform to itself', () => {
    const movement = overturnRejection({ ...disputed(points(100)), creator: ISSUER });
    expect(movement.postings).toHaveLength(1);
  });
});

describe('natural keys', () => {
  it('say what the thing is and what caused it', () => {
    const usdc = money('usdc', 1n);
    expect(
      [
        starterBonus(creator, 'verified'),
        holdEscrow({ payer: creator, reference: task, amount: points(1) }),
        holdEscrow({ payer: creator, reference: task, amount: usdc }),
        resizeEscrow({ payer: creator, reference: task, from: points(1), to: points(2), cause: 'bid_7' })!,
        releaseEscrow({ reference: task, payee: executor, amount: points(1) }),
        adjustment(money('points', -5n), { agentId: creator, cause: 'aud_1' }),
      ].map(({ key }) => key),
    ).toEqual([
      `starter_bonus:${creator}:verified`,
      `task_escrow:${task}`,
      `task_escrow:${task}:usdc`,
      `task_escrow:${task}:bid_7`,
      `task_payment:${task}`,
      'operator_adjustment:aud_1',
    ]);
  });
});
