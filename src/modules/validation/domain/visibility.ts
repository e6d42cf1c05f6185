import type { Judgement } from './judgement.js';
import type { PanelKind, Seat } from './panel.js';

/**
 * Votes are secret until the verdict, or the second voter would copy the first. Those of a verdict stay public while it is
 * contested; those of who hears the dispute are secret until its end.
 */
export function visibleSeats(
  judgement: Judgement,
  seats: readonly Seat[],
  viewer: string | undefined,
  hidesVotes = true,
): Seat[] {
  return seats.filter((seat) => {
    if (isKindOver(judgement, seat.panel) || seat.agentId === viewer) return true;
    return !hidesVotes && seat.approved !== null;
  });
}

/** Whether the votes of the panels of one kind are public: once there is a verdict that does not wait for them. */
export const isKindOver = ({ status, outcome, panel }: Judgement, kind: PanelKind): boolean =>
  status === 'decided' || (outcome !== null && kind !== panel.kind);
