import { UNDECIDED, type Judgement, firstPanel } from '#modules/validation';
import { CREATOR, EXECUTOR, NOON } from './board.js';

let count = 0;

/** One that has just begun, under ids of its own; only what matters to a test need be said. */
export const aJudgement = (fields: Partial<Judgement> = {}): Judgement => {
  const digits = String(++count).padStart(8, '0');
  return {
    ...UNDECIDED,
    submissionId: `sub_${digits}`,
    taskId: `tsk_${digits}`,
    creatorId: CREATOR,
    executorId: EXECUTOR,
    digest: 'd'.repeat(64),
    panel: firstPanel(3, false),
    calibrationSourceId: null,
    calibrationAnswer: null,
    openedAt: NOON,
    ...fields,
  };
};
