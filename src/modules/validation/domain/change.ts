import type { ValidationEvent } from '../validation.events.js';
import type { Dispute, Outcome, Resolution } from './dispute.js';
import type { DecidedBy, Judgement, Votes } from './judgement.js';
import type { Seat } from './panel.js';
import type { SeatEnd } from './rewards.js';

/** A judgement as an act finds it, locked, with everybody who ever had a seat in it. */
export interface LockedJudgement {
  judgement: Judgement;
  seats: readonly Seat[];
  /** The one that was filed against its verdict. */
  dispute?: Dispute | undefined;
}

/** Everything that one act does. All of it happens, or none. */
export interface Change extends LockedJudgement {
  /** The seat of whoever votes. */
  vote?: Seat;
  ended?: readonly EndedSeat[];
  /** Whether each vote was right, once the work has its outcome. */
  judged?: readonly JudgedSeat[];
  work?: WorkOrder;
  events: readonly ValidationEvent[];
  /** So many seats are to be drawn before the judgement goes on. */
  draw?: number;
}

export type EndedSeat = Seat & { end: SeatEnd };

export interface JudgedSeat {
  id: string;
  agentId: string;
  /** Null for a seat that was not needed. */
  wasRight: boolean | null;
}

/** What becomes of the work that is judged, and of the money for it. */
export type WorkOrder =
  | { kind: 'start'; panel: { seats: number; deadline: Date } }
  | { kind: 'settle'; outcome: Outcome; votes: Votes }
  | { kind: 'resolve'; resolution: Resolution; ruling: Ruling }
  | { kind: 'withdraw' };

/** How those who heard a dispute decided it, and who had found the verdict that was contested. */
export interface Ruling extends Votes {
  disputeId: string;
  contested: DecidedBy;
}

/** Nothing has happened yet. */
export const unchanged = ({ judgement, seats, dispute }: LockedJudgement): Change => ({
  judgement,
  seats,
  dispute,
  events: [],
});
