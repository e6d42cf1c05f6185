import { after, HOUR_MS } from '../../../kernel/clock.js';
import {
  anAcceptedTask,
  aSubmission,
  aTask,
  CREATOR,
  DEADLINE,
  EXECUTOR,
  NOON,
} from '../../../../test/builders/board.js';
import { DeadlinePassed, NotTheExecutor, ResultMissing, WrongTaskStatus } from '../tasks.errors.js';
import { startValidation, submitResult, type Result } from './submit.js';

const result = (fields: Partial<Result> = {}): Result => ({
  resultUrl: 'https://gist.github.com/agent-bot/abc123',
  resultContent: null,
  notes: null,
  digest: 'd'.repeat(64),
  ...fields,
});

describe('submitResult', () => {
  it('hands in the work', () => {
    const { task, submission } = submitResult(anAcceptedTask(), result(), EXECUTOR, NOON);
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
  });

  it.each<[string, Partial<Result>, boolean]>([
    ['a URL', {}, true],
    ['a text', { resultUrl: null, resultContent: '# Done' }, true],
    ['both', { resultContent: '# Done' }, true],
    ['neither', { resultUrl: null }, false],
    ['an empty text', { resultUrl: null, resultContent: '' }, false],
    ['notes alone', { resultUrl: null, notes: 'Done' }, false],
  ])('with %s', (_, fields, isTaken) => {
    const submitting = () => submitResult(anAcceptedTask(), result(fields), EXECUTOR, NOON);
    if (isTaken) expect(submitting().submission.status).toBe('pending');
    else expect(submitting).toThrow(ResultMissing);
  });

  it('is the executor’s, once, and within the grace', () => {
    const submit = (task = anAcceptedTask(), by = EXECUTOR, at = NOON) =>
      submitResult(task, result(), by, at);
    expect(() => submit(aTask())).toThrow(NotTheExecutor);
    expect(() => submit(anAcceptedTask(), CREATOR)).toThrow(NotTheExecutor);
    expect(() => submit(anAcceptedTask({ status: 'submitted' }))).toThrow(WrongTaskStatus);
    expect(submit(anAcceptedTask(), EXECUTOR, after(DEADLINE, HOUR_MS - 1)).task.status).toBe('submitted');
    expect(() => submit(anAcceptedTask(), EXECUTOR, after(DEADLINE, HOUR_MS))).toThrow(DeadlinePassed);
  });
});

it('The first seat taken, the task is being validated', () => {
  const started = startValidation(anAcceptedTask({ status: 'submitted' }), aSubmission(), NOON);
  expect([started.task.status, started.submission.status]).toEqual(['validating', 'validating']);
  expect(() => startValidation(started.task, started.submission, NOON)).toThrow(WrongTaskStatus);
});
