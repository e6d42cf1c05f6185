import type { Judgement } from './judgement.js';
import type { Seat } from './panel.js';

/**
 * Votes are secret until the verdict, or the second voter would copy the first. Those of a verdict stay public while it is
 * contested; those of who hears the dispute are secret until its end.
 */
export function visibleSeats(
  { status, outcome, panel }: Judgement,
  seats: readonly Seat[],
  viewer: string | undefined,
  hidesVotes = true,
): Seat[] {
  return seats.filter((seat) => {
    if (status === 'decided' || seat.agentId === viewer) return true;
    if (outcome !== null && seat.panel !== panel.kind) return true;
    return !hidesVotes && seat.approved !== null;
  });
}

/** A known answer is shown to who judged it alone: it is a copy of somebody's work. Until then it looks like any other. */
export const mayBeSeen = (
  judgement: Judgement,
  seats: readonly Seat[],
  viewer: string | undefined,
): boolean =>
  judgement.knownAnswer === null || isDisguised(judgement) || seats.some(({ agentId }) => agentId === viewer);

/** Whether it still passes for real work. */
export const isDisguised = ({ knownAnswer, status }: Judgement): boolean =>
  knownAnswer !== null && status !== 'decided';

/** As whoever might want to know which assignments are tests sees it. */
export const disguised = (judgement: Judgement): Judgement =>
  isDisguised(judgement)
    ? { ...judgement, knownAnswer: null, panel: { ...judgement.panel, kind: 'first' } }
    : judgement;

/** The same for a seat. */
export const disguisedSeat = (judgement: Judgement, seat: Seat): Seat =>
  isDisguised(judgement) ? { ...seat, panel: 'first' } : seat;
