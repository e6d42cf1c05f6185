import type { CalibrationAnswer } from './calibration.store.js';

/** The name is on the wire. */
export class KnownAnswerView {
  /** @example sub_ghi78901 */
  submission_id: string;
  /** @example true */
  approved: boolean;
  /** @example opk_5k2m9x1a */
  loaded_by: string;
  /** @example 2026-03-18T12:00:00.000Z */
  loaded_at: string;
}

export class KnownAnswerPage {
  data: KnownAnswerView[];
  next_cursor: string | null;
}

export const toKnownAnswer = ({
  submissionId,
  approved,
  loadedBy,
  loadedAt,
}: CalibrationAnswer): KnownAnswerView => ({
  submission_id: submissionId,
  approved,
  loaded_by: loadedBy,
  loaded_at: loadedAt.toISOString(),
});
