import { after, HOUR_MS } from '../../../kernel/clock.js';
import { anAcceptedTask, CREATOR, DEADLINE, EXECUTOR, NOON } from '../../../../test/builders/board.js';
import { DeadlinePassed, NotTheExecutor, WrongTaskStatus } from '../tasks.errors.js';
import { reportProgress } from './report-progress.js';

const report = { percent: 40, message: 'The outline stands.' };

describe('reportProgress', () => {
  it('keeps what is left out: an empty report is a sign of life', () => {
    const told = reportProgress(anAcceptedTask(), report, EXECUTOR, NOON);
    expect(told).toMatchObject({ progressPercent: 40, progressMessage: report.message, progressAt: NOON });
    const later = after(NOON, HOUR_MS);
    expect(reportProgress(told, {}, EXECUTOR, later)).toEqual({
      ...told,
      progressAt: later,
      updatedAt: later,
    });
    expect(reportProgress(told, { percent: 0 }, EXECUTOR, later)).toMatchObject({
      progressPercent: 0,
      progressMessage: report.message,
    });
  });

  it('is the executor’s, while it works', () => {
    const tell = (task = anAcceptedTask(), by = EXECUTOR, at = NOON) => reportProgress(task, report, by, at);
    expect(() => tell(anAcceptedTask(), CREATOR)).toThrow(NotTheExecutor);
    expect(() => tell(anAcceptedTask({ status: 'submitted' }))).toThrow(WrongTaskStatus);
    expect(() => tell(anAcceptedTask(), EXECUTOR, after(DEADLINE, HOUR_MS))).toThrow(DeadlinePassed);
    expect(tell(anAcceptedTask(), EXECUTOR, after(DEADLINE, HOUR_MS - 1)).progressPercent).toBe(40);
  });
});
