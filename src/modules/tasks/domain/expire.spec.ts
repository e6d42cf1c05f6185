import { after, before, DAY_MS, HOUR_MS } from '#kernel/clock';
import { points } from '#kernel/money';
import { aBid, anAcceptedTask, aTask, CREATOR, DEADLINE, EXECUTOR } from '#test/builders/board';
import { refundOf } from './change.js';
import { expire, warned } from './expire.js';
import type { Task } from './task.js';

const past = after(DEADLINE, 1);
const alone = (task: Task) => ({ task, bids: [] });

describe('expire', () => {
  it.each(['open', 'bidding'] as const)('closes what is %s past its deadline, and refunds', (status) => {
    const expiry = expire({ task: aTask({ status }), bids: [aBid()] }, past)!;
    expect(expiry.task).toMatchObject({ status: 'cancelled', closeReason: 'expired_open', closedAt: past });
    expect(refundOf(expiry)).toEqual([points(150)]);
    expect(expiry.bids?.map(({ status: now }) => now)).toEqual(['rejected']);
    expect(expire(alone(aTask({ status })), DEADLINE)).toBeUndefined();
  });

  it('gives work an hour more, then refunds what was agreed', () => {
    const task = anAcceptedTask();
    expect(expire(alone(task), after(DEADLINE, HOUR_MS - 1))).toBeUndefined();
    const expiry = expire(alone(task), after(DEADLINE, HOUR_MS))!;
    expect(expiry.task).toMatchObject({
      status: 'cancelled',
      closeReason: 'expired_work',
      executorId: EXECUTOR,
    });
    expect(refundOf(expiry)).toEqual([points(120)]);
    expect(expiry.counters).toEqual([{ agentId: EXECUTOR, worksFailed: 1 }]);
  });

  it.each(['submitted', 'validating', 'completed', 'cancelled', 'disputed'] as const)(
    'leaves what is %s',
    (status) => {
      expect(expire(alone(anAcceptedTask({ status })), after(DEADLINE, 100 * DAY_MS))).toBeUndefined();
    },
  );
});

describe('warned', () => {
  const warnAt = before(DEADLINE, DAY_MS);
  const accepted = (fields: Partial<Task> = {}) => anAcceptedTask(fields);

  it.each<[string, Task, Date, string | undefined]>([
    ['the creator while nobody has bid', aTask(), warnAt, CREATOR],
    ['the creator while nobody is accepted', aTask({ status: 'bidding' }), warnAt, CREATOR],
    ['the executor', accepted(), warnAt, EXECUTOR],
    ['nobody a moment earlier', accepted(), before(warnAt, 1), undefined],
    ['nobody once the deadline is there', accepted(), DEADLINE, undefined],
    ['nobody twice', accepted({ warnedAt: warnAt }), after(warnAt, 1), undefined],
    [
      'nobody who was accepted in the last day',
      accepted({ acceptedAt: after(warnAt, 1) }),
      after(warnAt, 2),
      undefined,
    ],
    ['whoever was accepted just before', accepted({ acceptedAt: warnAt }), warnAt, EXECUTOR],
    [
      'nobody who posted in the last day',
      aTask({ createdAt: after(warnAt, 1) }),
      after(warnAt, 2),
      undefined,
    ],
    ['nobody when the work is done', accepted({ status: 'submitted' }), warnAt, undefined],
    ['nobody when it is over', aTask({ status: 'cancelled' }), warnAt, undefined],
  ])('tells %s', (_, task, at, told) => {
    const warning = warned(alone(task), at);
    expect(warning?.events[0]?.audience).toEqual(told && [told]);
    if (warning) expect(warning.task).toEqual({ ...task, warnedAt: at });
  });
});
