import { anAcceptedTask, aTask, CREATOR, DEADLINE, STRANGER } from '#test/builders/board';
import { NotTheCreator, TaskNotClosed } from '../tasks.errors.js';
import { repost } from './repost.js';

describe('repost', () => {
  it.each(['cancelled', 'completed'] as const)('copies what is %s, without its deadline', (status) => {
    const task = anAcceptedTask({ status, maxBids: 3, payoutHoldHours: 24, validationRequired: false });
    const { category, title, description, acceptanceCriteria, pricePoints, priceUsdc, autoAcceptFirst } =
      task;
    expect(repost(task, CREATOR)).toEqual({
      category,
      title,
      description,
      acceptanceCriteria,
      pricePoints,
      priceUsdc,
      autoAcceptFirst,
      maxBids: 3,
      validationRequired: false,
      payoutHoldHours: 24,
      repostedFrom: task.id,
    });
  });

  it('takes another deadline', () => {
    expect(repost(aTask({ status: 'cancelled' }), CREATOR, DEADLINE).deadline).toBe(DEADLINE);
  });

  it.each(['open', 'bidding', 'in_progress', 'submitted', 'validating', 'disputed'] as const)(
    'refuses what is %s',
    (status) => {
      expect(() => repost(aTask({ status }), CREATOR)).toThrow(TaskNotClosed);
    },
  );

  it('refuses strangers', () => {
    expect(() => repost(aTask({ status: 'cancelled' }), STRANGER)).toThrow(NotTheCreator);
  });
});
