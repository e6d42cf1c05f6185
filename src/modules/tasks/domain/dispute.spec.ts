import { after, HOUR_MS } from '#kernel/clock';
import { points } from '#kernel/money';
import { feeOf } from '#modules/points';
import { anAcceptedTask, aSubmission, aTask, CREATOR, EXECUTOR, NOON, STRANGER } from '#test/builders/board';
import {
  DisputeTooLate,
  NothingToDispute,
  NotTheCreator,
  NotTheExecutor,
  VerdictFinal,
  WrongTaskStatus,
} from '../tasks.errors.js';
import { DISPUTE_WINDOW_MS, openDispute, overturnVerdict, upholdVerdict, type Ruling } from './dispute.js';
import { releasePayout, settle } from './settle.js';
import type { Submission, Task, Work } from './task.js';

const later = after(NOON, HOUR_MS);
const end = after(NOON, 10 * HOUR_MS);
const RULING: Ruling = {
  disputeId: 'dsp_00000001',
  decidedBy: 'panel',
  contested: 'panel',
  votesFor: 3,
  votesAgainst: 2,
  ratings: [3, 4],
};
const judged = (verdict: 'approved' | 'rejected', fields: Partial<Task> = {}) =>
  settle(
    {
      task: anAcceptedTask({ status: 'validating', ...fields }),
      submission: aSubmission({ status: 'validating' }),
    },
    verdict,
    { decidedBy: 'panel', votesFor: 2, votesAgainst: 1, ratings: [] },
    NOON,
    feeOf,
  );
const dispute = (work: { task: Task; submission?: Submission }, by: string, at = later) =>
  openDispute({ bids: [], ...work }, by, at);
const uphold = (work: Work) => upholdVerdict({ bids: [], ...work }, RULING, end);
const overturn = (work: Work) => overturnVerdict({ bids: [], ...work }, RULING, end, feeOf);
const disputed = (verdict: 'approved' | 'rejected', fields: Partial<Task> = {}) => {
  return dispute(judged(verdict, fields), verdict === 'approved' ? CREATOR : EXECUTOR);
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
    const opening = () => dispute({ task, submission }, by);
    if (refused) expect(opening).toThrow(refused);
    else {
      expect(opening().task).toMatchObject({ status: 'disputed', closedAt: null, updatedAt: later });
      expect(opening().submission).toEqual({ ...submission, disputedAt: later });
    }
  });

  it('is filed within 48 hours of the verdict, and once', () => {
    const at = (ms: number) => () => dispute(judged('approved'), CREATOR, after(NOON, ms));
    expect(at(DISPUTE_WINDOW_MS - 1)().task.status).toBe('disputed');
    expect(at(DISPUTE_WINDOW_MS)).toThrow(DisputeTooLate);
    const open = at(1)();
    expect(() => dispute(open, CREATOR)).toThrow(WrongTaskStatus);
    for (const { task, submission } of [uphold(open), overturn(open)]) {
      const by = submission!.status === 'approved' ? CREATOR : EXECUTOR;
      expect(() => dispute({ task, submission: submission! }, by)).toThrow(VerdictFinal);
    }
  });

  it.each<[string, Task]>([
    ['was approved without validation', { ...judged('approved').task, validationRequired: false }],
    ['was cancelled', aTask({ status: 'cancelled', closeReason: 'creator' })],
    ['expired in the executor’s hands', anAcceptedTask({ status: 'cancelled', closeReason: 'expired_work' })],
  ])('has nothing to go against where a task %s', (_, task) => {
    const work = task.status === 'completed' ? { task, submission: judged('approved').submission } : { task };
    expect(() => dispute(work, CREATOR)).toThrow(NothingToDispute);
  });

  it('keeps what is held', () => {
    const { task } = disputed('approved', { payoutHoldHours: 24 });
    expect(task.payoutState).toBe('held');
    expect(releasePayout({ task, bids: [] }, after(NOON, 100 * HOUR_MS))).toBeUndefined();
  });
});

describe('A verdict that stands', () => {
  it.each([
    { hold: 0, money: [], payout: { payoutState: 'paid', payoutDueAt: NOON } },
    {
      hold: 24,
      money: [{ kind: 'pay', amount: points(120) }],
      payout: { payoutState: 'paid', payoutDueAt: end },
    },
  ])('approved, with $hold hours of hold', ({ hold, money, payout }) => {
    const work = disputed('approved', { payoutHoldHours: hold });
    const upheld = uphold(work);
    expect(upheld).toMatchObject({ money, submission: work.submission });
    expect(upheld.counters).toEqual([{ agentId: EXECUTOR, ratingsCount: 2, ratingsSum: 7 }]);
    expect(upheld.events.map(({ name }) => name)).toEqual(['task.completed']);
    expect(upheld.task).toMatchObject({ status: 'completed', closeReason: null, closedAt: end, ...payout });
  });

  it('rejected', () => {
    const upheld = uphold(disputed('rejected'));
    expect(upheld.money).toBeUndefined();
    expect(upheld.events.map(({ name }) => name)).toEqual(['task.cancelled']);
    expect(upheld.task).toMatchObject({ status: 'cancelled', closeReason: 'rejected', payoutState: null });
  });
});

describe('A verdict that is overturned', () => {
  it.each([
    { hold: 0, move: { kind: 'take_back', disputeId: RULING.disputeId } },
    { hold: 24, move: { kind: 'refund' } },
  ])('approved, with $hold hours of hold', ({ hold, move }) => {
    const overturned = overturn(disputed('approved', { payoutHoldHours: hold }));
    expect(overturned.money).toEqual([{ ...move, amount: points(120) }]);
    expect(overturned.counters).toEqual([
      {
        agentId: EXECUTOR,
        tasksCompleted: -1,
        worksApproved: -1,
        worksFailed: 1,
        ratingsCount: 2,
        ratingsSum: 7,
      },
    ]);
    expect(overturned.submission).toMatchObject({ status: 'rejected', decidedAt: end });
    expect(overturned.task).toMatchObject({
      status: 'cancelled',
      closeReason: 'dispute_lost',
      payoutState: 'reversed',
      closedAt: end,
    });
  });

  it('rejected: paid at once, whatever the hold', () => {
    const overturned = overturn(disputed('rejected', { payoutHoldHours: 72 }));
    expect(overturned.money).toEqual([
      { kind: 'pay_after_all', amount: points(120), disputeId: RULING.disputeId },
    ]);
    expect(overturned.submission?.status).toBe('approved');
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
    const { task, submission } = overturn(disputed('approved'));
    const ended = { task, submission: submission! };
    expect(() => overturn(ended)).toThrow(WrongTaskStatus);
    expect(() => uphold(ended)).toThrow(WrongTaskStatus);
  });
});
