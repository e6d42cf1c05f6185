import { after, HOUR_MS } from '#kernel/clock';
import { points } from '#kernel/money';
import { aTask, CREATOR, NOON, STRANGER } from '#test/builders/board';
import { DeadlineTooSoon } from '../deadline.errors.js';
import { BidAccepted, NotTheCreator, PriceMissing, TaskClosed, TaskHasBids } from '../tasks.errors.js';
import type { Change } from './change.js';
import { editTask, type TaskChanges } from './edit-task.js';
import type { Task, TaskStatus } from './task.js';

const later = after(NOON, HOUR_MS);
const attempt = (task: Task, changes: TaskChanges, by = CREATOR) =>
  editTask({ task, bids: [] }, changes, by, later);
/** One that changes something. */
function edit(...it: Parameters<typeof attempt>): Change {
  const edited = attempt(...it);
  if (!edited) throw new Error('Nothing has changed.');
  return edited;
}

describe('editTask', () => {
  it('changes what is said, and the escrow with the price', () => {
    const change = edit(aTask({ revision: 2, warnedAt: NOON }), { title: 'Another', pricePoints: '200.00' });
    expect(change.task).toEqual(
      aTask({ revision: 3, warnedAt: NOON, title: 'Another', pricePoints: '200.00', updatedAt: later }),
    );
    expect(change.money).toEqual([{ kind: 'resize', from: points(150), to: points(200), cause: 'v3' }]);
  });

  it('moves nothing where the price stays', () => {
    expect(edit(aTask(), { maxBids: 3 }).money).toEqual([]);
  });

  it('is none when everything stays as it was, also a deadline that is too near to be set now', () => {
    const task = aTask({ deadline: after(later, 1) });
    const same = {
      title: task.title,
      acceptanceCriteria: ['1200+ words'],
      pricePoints: '150.00',
      deadline: after(later, 1),
    };
    expect(attempt(task, same)).toBeUndefined();
    expect(attempt(task, {})).toBeUndefined();
  });

  it('warns again of a new deadline', () => {
    const deadline = after(NOON, 48 * HOUR_MS);
    const { task } = edit(aTask({ warnedAt: NOON }), { deadline });
    expect([task.deadline, task.warnedAt]).toEqual([deadline, null]);
  });

  it.each<[TaskStatus, new (...args: never[]) => Error]>([
    ['bidding', TaskHasBids],
    ['in_progress', BidAccepted],
    ['submitted', BidAccepted],
    ['validating', BidAccepted],
    ['disputed', BidAccepted],
    ['completed', TaskClosed],
    ['cancelled', TaskClosed],
  ])('refuses a task that is %s', (status, error) => {
    expect(() => edit(aTask({ status }), { title: 'Another' })).toThrow(error);
  });

  it('refuses strangers, a task without a price and a deadline that is too soon', () => {
    expect(() => edit(aTask(), {}, STRANGER)).toThrow(NotTheCreator);
    expect(() => edit(aTask(), { pricePoints: null })).toThrow(PriceMissing);
    expect(() => edit(aTask(), { deadline: later })).toThrow(DeadlineTooSoon);
  });
});
