import { after, HOUR_MS } from '#kernel/clock';
import { points } from '#kernel/money';
import { feeOf } from '#modules/points';
import { anAcceptedTask, aSubmission, aTask, CREATOR, DEADLINE, EXECUTOR, NOON } from '#test/builders/board';
import { DeadlinePassed, NotTheExecutor, ResultMissing, WrongTaskStatus } from '../tasks.errors.js';
import { startValidation, submitResult, type Result } from './submit.js';

const submit = (task = anAcceptedTask(), by = EXECUTOR, at = NOON, handed = result()) =>
  submitResult({ task, bids: [] }, handed, by, at, feeOf);
const PANEL = { seats: 3, deadline: DEADLINE };
const result = (fields: Partial<Result> = {}): Result => ({
  id: 'sub_00000001',
  resultUrl: 'https://gist.github.com/agent-bot/abc123',
  resultContent: null,
  notes: null,
  digest: 'd'.repeat(64),
  ...fields,
});

describe('submitResult', () => {
  it('hands in the work', () => {
    const { task, submission, events } = submit();
    expect([task.status, task.updatedAt]).toEqual(['submitted', NOON]);
    expect(submission).toEqual({
      ...result(),
      taskId: 'tsk_00000001',
      agentId: EXECUTOR,
      status: 'pending',
      submittedAt: NOON,
      decidedAt: null,
      disputedAt: null,
    });
    expect(events.map(({ name }) => name)).toEqual(['task.submitted']);
  });

  it('approves and pays at once what nobody is to judge', () => {
    const change = submit(anAcceptedTask({ validationRequired: false }));
    expect(change.task.status).toBe('completed');
    expect(change.submission.status).toBe('approved');
    expect(change.money).toEqual([{ kind: 'pay', amount: points(120) }]);
    expect(change.events.map(({ name }) => name)).toEqual([
      'task.submitted',
      'submission.approved',
      'task.completed',
    ]);
  });

  it.each<[string, Partial<Result>, boolean]>([
    ['a URL', {}, true],
    ['a text', { resultUrl: null, resultContent: '# Done' }, true],
    ['both', { resultContent: '# Done' }, true],
    ['neither', { resultUrl: null }, false],
    ['an empty text', { resultUrl: null, resultContent: '' }, false],
    ['notes alone', { resultUrl: null, notes: 'Done' }, false],
  ])('with %s', (_, fields, isTaken) => {
    const submitting = () => submit(anAcceptedTask(), EXECUTOR, NOON, result(fields));
    if (isTaken) expect(submitting().submission.status).toBe('pending');
    else expect(submitting).toThrow(ResultMissing);
  });

  it('is the executor’s, once, and within the grace', () => {
    expect(() => submit(aTask())).toThrow(NotTheExecutor);
    expect(() => submit(anAcceptedTask(), CREATOR)).toThrow(NotTheExecutor);
    expect(() => submit(anAcceptedTask({ status: 'submitted' }))).toThrow(WrongTaskStatus);
    expect(submit(anAcceptedTask(), EXECUTOR, after(DEADLINE, HOUR_MS - 1)).task.status).toBe('submitted');
    expect(() => submit(anAcceptedTask(), EXECUTOR, after(DEADLINE, HOUR_MS))).toThrow(DeadlinePassed);
  });
});

it('The first seat taken, the task is being validated', () => {
  const work = { task: anAcceptedTask({ status: 'submitted' }), submission: aSubmission() };
  const started = startValidation(work, PANEL, NOON);
  expect([started.task.status, started.submission.status]).toEqual(['validating', 'validating']);
  expect(() => startValidation(started, PANEL, NOON)).toThrow(WrongTaskStatus);
});
