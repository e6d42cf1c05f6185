import { after, HOUR_MS } from '../../../kernel/clock.js';
import { points } from '../../../kernel/money.js';
import { aTask, CREATOR, NOON, STRANGER } from '../../../../test/builders/board.js';
import { DeadlineTooSoon } from '../deadline.errors.js';
import { BidAccepted, NotTheCreator, PriceMissing, TaskClosed, TaskHasBids } from '../tasks.errors.js';
import { editTask as edit, type Edit, type TaskChanges } from './edit-task.js';
import type { Task, TaskStatus } from './task.js';

const later = after(NOON, HOUR_MS);

/** One that changes something. */
function editTask(task: Task, changes: TaskChanges, by: string, at: Date): Edit {
  const edited = edit(task, changes, by, at);
  if (!edited) throw new Error('Nothing has changed.');
  return edited;
}

describe('editTask', () => {
  it('changes what is said, and the escrow with the price', () => {
    const edited = editTask(
      aTask({ revision: 2, warnedAt: NOON }),
      { title: 'Another', pricePoints: '200.00' },
      CREATOR,
      later,
    );
    expect(edited.task).toEqual(
      aTask({ revision: 3, warnedAt: NOON, title: 'Another', pricePoints: '200.00', updatedAt: later }),
    );
    expect(edited.escrow).toEqual([{ from: points(150), to: points(200) }]);
    expect(edited.cause).toBe('v3');
  });

  it('moves nothing where the price stays', () => {
    expect(editTask(aTask(), { maxBids: 3 }, CREATOR, later).escrow).toEqual([]);
  });

  it('is none when everything stays as it was, also a deadline that is too near to be set now', () => {
    const task = aTask({ deadline: after(later, 1) });
    const same = {
      title: task.title,
      acceptanceCriteria: ['1200+ words'],
      pricePoints: '150.00',
      deadline: after(later, 1),
    };
    expect(edit(task, same, CREATOR, later)).toBeUndefined();
    expect(edit(task, {}, CREATOR, later)).toBeUndefined();
  });

  it('warns again of a new deadline', () => {
    const deadline = after(NOON, 48 * HOUR_MS);
    const { task } = editTask(aTask({ warnedAt: NOON }), { deadline }, CREATOR, later);
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
    expect(() => editTask(aTask({ status }), { title: 'Another' }, CREATOR, later)).toThrow(error);
  });

  it('refuses strangers, a task without a price and a deadline that is too soon', () => {
    expect(() => editTask(aTask(), {}, STRANGER, later)).toThrow(NotTheCreator);
    expect(() => editTask(aTask(), { pricePoints: null }, CREATOR, later)).toThrow(PriceMissing);
    expect(() => editTask(aTask(), { deadline: later }, CREATOR, later)).toThrow(DeadlineTooSoon);
  });
});
