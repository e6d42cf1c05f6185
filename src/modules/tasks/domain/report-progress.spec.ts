import { after, HOUR_MS } from '#kernel/clock';
import { anAcceptedTask, CREATOR, DEADLINE, EXECUTOR, NOON } from '#test/builders/board';
import { DeadlinePassed, NotTheExecutor, WrongTaskStatus } from '../tasks.errors.js';
import { reportProgress, type ProgressReport } from './report-progress.js';
import type { Task } from './task.js';

const report: ProgressReport = { percent: 40, message: 'The outline stands.' };
const tell = (task: Task, said = report, at = NOON): Task =>
  reportProgress({ task, bids: [] }, said, EXECUTOR, at).task;

describe('reportProgress', () => {
  it('keeps what is left out: an empty report is a sign of life', () => {
    const told = tell(anAcceptedTask());
    expect(told).toMatchObject({ progressPercent: 40, progressMessage: report.message, progressAt: NOON });
    const later = after(NOON, HOUR_MS);
    expect(tell(told, {}, later)).toEqual({
      ...told,
      progressAt: later,
      updatedAt: later,
    });
    expect(tell(told, { percent: 0 }, later)).toMatchObject({
      progressPercent: 0,
      progressMessage: report.message,
    });
  });

  it('is the executor’s, while it works', () => {
    const strange = () => reportProgress({ task: anAcceptedTask(), bids: [] }, report, CREATOR, NOON);
    expect(strange).toThrow(NotTheExecutor);
    expect(() => tell(anAcceptedTask({ status: 'submitted' }))).toThrow(WrongTaskStatus);
    expect(() => tell(anAcceptedTask(), report, after(DEADLINE, HOUR_MS))).toThrow(DeadlinePassed);
    expect(tell(anAcceptedTask(), report, after(DEADLINE, HOUR_MS - 1)).progressPercent).toBe(40);
  });
});
