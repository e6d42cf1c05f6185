import { after, HOUR_MS } from '../../../kernel/clock.js';
import { points } from '../../../kernel/money.js';
import { aTask, CREATOR, NOON, STRANGER } from '../../../../test/builders/board.js';
import { BidAccepted, NotTheCreator, PriceMissing, TaskClosed, TaskHasBids } from '../tasks.errors.js';
import { DeadlineTooSoon } from '../deadline.errors.js';
import { editTask } from './edit-task.js';
import type { TaskStatus } from './task.js';

const later = after(NOON, HOUR_MS);

describe('editTask', () => {
  it('changes what is said, and the escrow with the price', () => {
    const edit = editTask(
      aTask({ revision: 2, warnedAt: NOON }),
      { title: 'Another', pricePoints: '200.00' },
      CREATOR,
      later,
    );
    expect(edit.task).toEqual(
      aTask({ revision: 3, warnedAt: NOON, title: 'Another', pricePoints: '200.00', updatedAt: later }),
    );
    expect(edit.escrow).toEqual([{ from: points(150), to: points(200) }]);
    expect(edit.cause).toBe('v3');
  });

  it('moves nothing where the price stays', () => {
    expect(editTask(aTask(), { maxBids: 3 }, CREATOR, later).escrow).toEqual([]);
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
