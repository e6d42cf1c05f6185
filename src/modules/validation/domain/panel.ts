import { after, HOUR_MS } from '#kernel/clock';
import { endOf, type SeatEnd } from './rewards.js';
import {
  BENCH_OF_FIVE,
  benchFor,
  decide,
  decideByFive,
  ESCALATED_BENCH,
  type Ballot,
  type Verdict,
} from './verdict.js';

/** Why people were drawn: to judge a submission, to end a deadlock, or to hear a dispute. */
export type PanelKind = 'first' | 'deadlock' | 'dispute';

/** Rules §4.4 and §4.7. */
export const VOTE_MS = 48 * HOUR_MS;
export const PANEL_OF_FIVE_VOTE_MS = 72 * HOUR_MS;
/** So long a seat for which nobody is to be had stays open. */
export const VACANCY_MS = 48 * HOUR_MS;

/** Those who judge one submission just now. What the seats say is in the seats. */
export interface Panel {
  kind: PanelKind;
  seats: number;
  quorum: number;
  escalatesSplits: boolean;
  round: number;
  /** Seats of this round for which nobody was to be had, yet and for good. */
  vacant: number;
  vacantUntil: Date | null;
  unfilled: number;
}

/** What remains of a panel when another one follows, be it the next round of the same kind. */
export type PastPanel = Pick<Panel, 'kind' | 'round' | 'seats' | 'quorum'>;

/** One to five each (rules §4.4). */
export interface Scores {
  completeness: number;
  quality: number;
  criteriaMet: number;
}

export interface Seat {
  id: string;
  submissionId: string;
  agentId: string;
  panel: PanelKind;
  round: number;
  approved: boolean | null;
  feedback: string | null;
  scores: Scores | null;
  votedAt: Date | null;
  assignedAt: Date;
  deadline: Date;
  /** Set when the seat ended; a voter's seat stays open until its panel ends. */
  end: SeatEnd | null;
  endedAt: Date | null;
}

/** Fixed when it is drawn, whatever becomes of the number of agents. */
export function firstPanel(verifiedAgents: number, escalatesSplits: boolean): Panel {
  const { seats, quorum } = benchFor(verifiedAgents);
  return { ...EMPTY, kind: 'first', seats, quorum, escalatesSplits: escalatesSplits && seats === 3 };
}

export const panelOfFive = (kind: 'deadlock' | 'dispute'): Panel => ({
  ...EMPTY,
  kind,
  seats: BENCH_OF_FIVE.seats,
  quorum: BENCH_OF_FIVE.quorum,
});

/** What is decided now, given who sits, who has voted and who was silent. */
export function verdictOf(panel: Panel, seats: readonly Seat[]): Verdict {
  const ballots = ballotsOf(panel, seats);
  if (isOfFive(panel)) return decideByFive(ballots);
  return decide(ballots, panel, panel.round);
}

/** Whether anybody of the panel has voted: a verdict without a vote is that of silence. */
export const hasVoted = ({ kind }: Panel, seats: readonly Seat[]): boolean =>
  seats.some((seat) => seat.panel === kind && seat.approved !== null);

/** The next round of the same panel: so many seats are to be drawn. */
export function nextRound(panel: Panel): Panel {
  return { ...panel, round: panel.round + 1, vacant: 0, vacantUntil: null, unfilled: 0 };
}

/** More judges, and more of them must agree. */
export const escalated = (panel: Panel): Panel => ({
  ...panel,
  seats: ESCALATED_BENCH.seats,
  quorum: ESCALATED_BENCH.quorum,
  escalatesSplits: false,
});

/** So many of the seats that were wanted found nobody; they wait as long as the first of them. */
export function withVacancies(panel: Panel, vacant: number, at: Date): Panel {
  const vacantUntil = vacant === 0 ? null : (panel.vacantUntil ?? after(at, VACANCY_MS));
  return { ...panel, vacant, vacantUntil };
}

/** Whoever was to be found in this time was found. */
export const withoutVacancies = (panel: Panel): Panel => ({
  ...panel,
  vacant: 0,
  vacantUntil: null,
  unfilled: panel.unfilled + panel.vacant,
});

export const isOpen = ({ approved, end }: Seat): boolean => approved === null && end === null;
export const isOverdue = (seat: Seat, at: Date): boolean => isOpen(seat) && at >= seat.deadline;

export const votingEnds = (kind: PanelKind, at: Date): Date =>
  after(at, kind === 'first' ? VOTE_MS : PANEL_OF_FIVE_VOTE_MS);

export const isOfFive = ({ kind }: Panel): boolean => kind === 'deadlock' || kind === 'dispute';

/** Whether anybody has been seated in it, in whichever round. */
export const hasBegun = ({ kind }: Panel, seats: readonly Seat[]): boolean =>
  seats.some((seat) => seat.panel === kind);

/** How many a draw must find to seat anybody: a panel of five begins with five, or not at all. */
export const seatsToBegin = (panel: Panel, seats: readonly Seat[]): number =>
  isOfFive(panel) && !hasBegun(panel, seats) ? BENCH_OF_FIVE.seats : 1;

/** The seat of somebody who was just drawn. */
export const newSeat = (
  panel: Panel,
  { submissionId, agentId }: Pick<Seat, 'submissionId' | 'agentId'>,
  at: Date,
): Omit<Seat, 'id'> => ({
  submissionId,
  agentId,
  panel: panel.kind,
  round: panel.round,
  approved: null,
  feedback: null,
  scores: null,
  votedAt: null,
  assignedAt: at,
  deadline: votingEnds(panel.kind, at),
  end: null,
  endedAt: null,
});

/** Every seat of the panel that has no end yet, with its end. */
export function ended(
  panel: Panel,
  seats: readonly Seat[],
  verdict: 'approved' | 'rejected' | null,
): (Seat & { end: SeatEnd })[] {
  return seats
    .filter((seat) => seat.panel === panel.kind && seat.end === null)
    .map((seat) => ({ ...seat, end: endOf({ approved: seat.approved, hasTimedOut: false }, verdict) }));
}

/** Votes count for good; the silent of an earlier round have been replaced. */
export function ballotsOf(panel: Panel, seats: readonly Seat[]): Ballot[] {
  const ballots = seats.filter((seat) => seat.panel === panel.kind).flatMap((seat) => ballotOf(seat, panel));
  return [
    ...ballots,
    ...Array<Ballot>(panel.vacant).fill('vacant'),
    ...Array<Ballot>(panel.unfilled).fill('unfilled'),
  ];
}

function ballotOf(seat: Seat, panel: Panel): Ballot[] {
  // Somebody else is drawn for it in the same round.
  if (seat.end === 'suspended') return [];
  if (seat.approved !== null) return [seat.approved ? 'approve' : 'reject'];
  if (seat.end === null) return ['open'];
  return seat.round === panel.round ? ['timeout'] : [];
}

const EMPTY = { escalatesSplits: false, round: 1, vacant: 0, vacantUntil: null, unfilled: 0 };
