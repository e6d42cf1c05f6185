import type { Judgement } from './judgement.js';
import type { Panel, PanelKind, Seat } from './panel.js';

/** Newcomers judge so many calibration tasks first, where an operator wants that. */
export const NEWCOMER_ASSIGNMENTS = 5;

/**
 * A calibration assignment is judged by one validator, on a task made from work whose right outcome an operator knows.
 * Everything that stores it says what real work would say: only its end says otherwise.
 */
export const isCalibration = ({ calibrationSourceId }: Judgement): boolean => calibrationSourceId !== null;

/** Whether it still passes for real work. */
export const passesForReal = (judgement: Judgement): boolean =>
  isCalibration(judgement) && judgement.status !== 'decided';

export const isRevealed = (judgement: Judgement): boolean =>
  isCalibration(judgement) && judgement.status === 'decided';

/** Revealed it is the validator's alone, because it was made from the work of others. Until then it looks like any other. */
export const mayBeSeen = (
  judgement: Judgement,
  seats: readonly Seat[],
  viewer: string | undefined,
): boolean => !isRevealed(judgement) || seats.some(({ agentId }) => agentId === viewer);

/** What a panel of calibration is called on the wire. */
export const CALIBRATION_PANEL = 'gold';

/** What a panel was, as far as it may be told. */
export const panelName = (judgement: Judgement, kind: PanelKind): string =>
  isRevealed(judgement) ? CALIBRATION_PANEL : kind;

/** One judges it; it passes for the bench that real work would get. */
export const benchOf = (judgement: Judgement): Pick<Panel, 'seats' | 'quorum'> =>
  isRevealed(judgement) ? { seats: 1, quorum: 1 } : judgement.panel;
