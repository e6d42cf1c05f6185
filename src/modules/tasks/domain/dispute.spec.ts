import { after, HOUR_MS } from '../../../kernel/clock.js';
import { points } from '../../../kernel/money.js';
import {
  anAcceptedTask,
  aSubmission,
  aTask,
  CREATOR,
  EXECUTOR,
  NOON,
  STRANGER,
} from '../../../../test/builders/board.js';
import { feeOf } from '../../points/index.js';
import {
  DisputeTooLate,
  NothingToDispute,
  NotTheCreator,
  NotTheExecutor,
  VerdictFinal,
  WrongTaskStatus,
} from '../tasks.errors.js';
import { DISPUTE_WINDOW_MS, openDispute, overturnVerdict, upholdVerdict } from './dispute.js';
import { releasePayout, settle } from './settle.js';
import type { Task } from './task.js';

const later = after(NOON, HOUR_MS);
const end = after(NOON, 10 * HOUR_MS);
const judged = (verdict: 'approved' | 'rejected', fields: Partial<Task> = {}) =>
  settle(
    anAcceptedTask({ status: 'validating', ...fields }),
    aSubmission({ status: 'validating' }),
    verdict,
    NOON,
    feeOf,
  );
const disputed = (verdict: 'approved' | 'rejected', fields: Partial<Task> = {}) => {
  const { task, submission } = judged(verdict, fields);
  const by = verdict === 'approved' ? CREATOR : EXECUTOR;
  return openDispute(task, submission, by, later);
};

describe('A dispute', () => {
  it.each([
    { verdict: 'approved', by: CREATOR, refused: undefined },
    { verdict: 'approved', by: EXECUTOR, refused: NotTheCreator },
    { verdict: 'approved', by: STRANGER, refused: NotTheCreator },
    { verdict: 'rejected', by: EXECUTOR, refused: undefined },
    { verdict: 'rejected', by: CREATOR, refused: NotTheExecutor },
    { verdict: 'rejected', by: STRANGER, refused: NotTheExecutor },
  ] as const)('of what was $verdict, by $by', ({ verdict, by, refused }) => {
    const { task, submission } = judged(verdict);
    const opening = () => openDispute(task, submission, by, later);
    if (refused) expect(opening).toThrow(refused);
    else {
      expect(opening().task).toMatchObject({ status: 'disputed', closedAt: null, updatedAt: later });
      expect(opening().submission).toEqual({ ...submission, disputedAt: later });
    }
  });

  it('is filed within 48 hours of the verdict, and once', () => {
    const { task, submission } = judged('approved');
    const at = (ms: number) => () => openDispute(task, submission, CREATOR, after(NOON, ms));
    expect(at(DISPUTE_WINDOW_MS - 1)().task.status).toBe('disputed');
    expect(at(DISPUTE_WINDOW_MS)).toThrow(DisputeTooLate);
    const open = at(1)();
    expect(() => openDispute(open.task, open.submission, CREATOR, later)).toThrow(WrongTaskStatus);
    for (const endOf of [
      upholdVerdict,
      (...it: Parameters<typeof upholdVerdict>) => overturnVerdict(...it, feeOf),
    ]) {
      const ended = endOf(open.task, open.submission, later);
      const by = ended.submission.status === 'approved' ? CREATOR : EXECUTOR;
      expect(() => openDispute(ended.task, ended.submission, by, later)).toThrow(VerdictFinal);
    }
  });

  it.each<[string, Task]>([
    ['was approved without validation', { ...judged('approved').task, validationRequired: false }],
    ['was cancelled', aTask({ status: 'cancelled', closeReason: 'creator' })],
    ['expired in the executor’s hands', anAcceptedTask({ status: 'cancelled', closeReason: 'expired_work' })],
  ])('has nothing to go against where a task %s', (_, task) => {
    const submission = task.status === 'completed' ? judged('approved').submission : undefined;
    expect(() => openDispute(task, submission, CREATOR, later)).toThrow(NothingToDispute);
  });

  it('keeps what is held', () => {
    const { task } = disputed('approved', { payoutHoldHours: 24 });
    expect(task.payoutState).toBe('held');
    expect(releasePayout(task, after(NOON, 100 * HOUR_MS))).toBeUndefined();
  });
});

describe('A verdict that stands', () => {
  it.each([
    { hold: 0, money: { kind: 'stay' }, payout: { payoutState: 'paid', payoutDueAt: NOON } },
    {
      hold: 24,
      money: { kind: 'pay', amount: points(120) },
      payout: { payoutState: 'paid', payoutDueAt: end },
    },
  ])('approved, with $hold hours of hold', ({ hold, money, payout }) => {
    const { task, submission } = disputed('approved', { payoutHoldHours: hold });
    const upheld = upholdVerdict(task, submission, end);
    expect(upheld).toMatchObject({ money, submission });
    expect(upheld.task).toMatchObject({ status: 'completed', closeReason: null, closedAt: end, ...payout });
  });

  it('rejected', () => {
    const { task, submission } = disputed('rejected');
    const upheld = upholdVerdict(task, submission, end);
    expect(upheld.money).toEqual({ kind: 'stay' });
    expect(upheld.task).toMatchObject({ status: 'cancelled', closeReason: 'rejected', payoutState: null });
  });
});

describe('A verdict that is overturned', () => {
  it.each([
    { hold: 0, kind: 'take_back' },
    { hold: 24, kind: 'refund' },
  ])('approved, with $hold hours of hold', ({ hold, kind }) => {
    const { task, submission } = disputed('approved', { payoutHoldHours: hold });
    const overturned = overturnVerdict(task, submission, end, feeOf);
    expect(overturned.money).toEqual({ kind, amount: points(120) });
    expect(overturned.submission).toMatchObject({ status: 'rejected', decidedAt: end });
    expect(overturned.task).toMatchObject({
      status: 'cancelled',
      closeReason: 'dispute_lost',
      payoutState: 'reversed',
      closedAt: end,
    });
  });

  it('rejected: paid at once, whatever the hold', () => {
    const { task, submission } = disputed('rejected', { payoutHoldHours: 72 });
    const overturned = overturnVerdict(task, submission, end, feeOf);
    expect(overturned.money).toEqual({ kind: 'pay_after_all', amount: points(120) });
    expect(overturned.submission.status).toBe('approved');
    expect(overturned.task).toMatchObject({
      status: 'completed',
      closeReason: null,
      payoutState: 'paid',
      payoutAmount: '114.00',
      payoutFee: '6.00',
      payoutDueAt: end,
    });
  });

  it('is so once', () => {
    const { task, submission } = disputed('approved');
    const ended = overturnVerdict(task, submission, end, feeOf);
    expect(() => overturnVerdict(ended.task, ended.submission, end, feeOf)).toThrow(WrongTaskStatus);
    expect(() => upholdVerdict(ended.task, ended.submission, end)).toThrow(WrongTaskStatus);
  });
});
