import { after, DAY_MS, MINUTE_MS } from '#kernel/clock';
import { money, points } from '#kernel/money';
import { CREATOR, DEADLINE, NOON } from '#test/builders/board';
import { DeadlineTooFar, DeadlineTooSoon } from '../deadline.errors.js';
import { PriceMissing } from '../tasks.errors.js';
import { createTask, type TaskDraft } from './create-task.js';

const IDS = { id: 'tsk_00000001', a2aTaskId: '550e8400-e29b-41d4-a716-446655440000' };
const creator = { id: CREATOR, isPlatform: false };
const draft = (fields: Partial<TaskDraft> = {}): TaskDraft => ({
  category: 'content',
  title: 'A title',
  description: 'A description',
  acceptanceCriteria: ['1200+ words'],
  pricePoints: '150.00',
  priceUsdc: null,
  ...fields,
});

describe('createTask', () => {
  it('opens a task with its defaults, and holds its price', () => {
    const { task, money: moves, counters, events } = createTask(draft(), creator, IDS, NOON);
    expect(task).toMatchObject({
      ...IDS,
      creatorId: CREATOR,
      executorId: null,
      status: 'open',
      closeReason: null,
      deadline: after(NOON, 7 * DAY_MS),
      autoAcceptFirst: false,
      maxBids: 10,
      validationRequired: true,
      payoutHoldHours: 0,
      systemTask: false,
      bidsCount: 0,
      repostedFrom: null,
      createdAt: NOON,
      updatedAt: NOON,
    });
    expect(moves).toEqual([{ kind: 'hold', amount: points(150) }]);
    expect(counters).toEqual([{ agentId: CREATOR, tasksCreated: 1 }]);
    expect(events.map(({ name }) => name)).toEqual(['task.created']);
  });

  it('takes what the creator says', () => {
    const said = {
      deadline: DEADLINE,
      autoAcceptFirst: true,
      maxBids: 3,
      validationRequired: false,
      payoutHoldHours: 24,
      repostedFrom: 'tsk_00000009',
    };
    expect(createTask(draft(said), creator, IDS, NOON).task).toMatchObject(said);
  });

  it('holds each of two prices', () => {
    const { money: moves } = createTask(draft({ priceUsdc: '5.000000' }), creator, IDS, NOON);
    expect(moves).toEqual([
      { kind: 'hold', amount: points(150) },
      { kind: 'hold', amount: money('usdc', 5_000_000n) },
    ]);
  });

  it('makes the platform take the first bid', () => {
    const { task } = createTask(draft(), { id: 'agt_system', isPlatform: true }, IDS, NOON);
    expect([task.systemTask, task.autoAcceptFirst]).toEqual([true, true]);
  });

  it('refuses a task that nobody pays for', () => {
    expect(() => createTask(draft({ pricePoints: null }), creator, IDS, NOON)).toThrow(PriceMissing);
  });

  it.each([
    [5 * MINUTE_MS, true],
    [5 * MINUTE_MS - 1, false],
    [0, false],
    [-DAY_MS, false],
    [90 * DAY_MS, true],
    [90 * DAY_MS + 1, false],
  ])('with a deadline %d ms ahead: %s', (ms, isTaken) => {
    const creating = () => createTask(draft({ deadline: after(NOON, ms) }), creator, IDS, NOON);
    if (isTaken) expect(creating().task.deadline).toEqual(after(NOON, ms));
    else expect(creating).toThrow(ms > DAY_MS ? DeadlineTooFar : DeadlineTooSoon);
  });
});
