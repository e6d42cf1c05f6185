import { after, DAY_MS, HOUR_MS } from '#kernel/clock';
import type { Outcome } from './dispute.js';
import { firstPanel, isOpen, type Panel, type PastPanel, type Seat } from './panel.js';

/** Seats sit and vote, or it waits for an operator, or it is over. */
export type JudgementStatus = 'judging' | 'queued' | 'decided';
export type DecidedBy = 'panel' | 'operator' | 'silence';

/** How one submission is judged, from the first draw to the end of a dispute. */
export interface Judgement {
  submissionId: string;
  taskId: string;
  creatorId: string;
  executorId: string;
  digest: string;
  status: JudgementStatus;
  panel: Panel;
  /** Those that sat before it, the first one first: each round of each kind. */
  pastPanels: readonly PastPanel[];
  /** So many have been drawn for it, in all its draws. */
  picks: number;
  outcome: Outcome | null;
  decidedBy: DecidedBy | null;
  decidedAt: Date | null;
  /** Points that its payment burnt. */
  feeBurnt: string | null;
  queuedAt: Date | null;
  /** The submission that a calibration task was made from, and whether it should be approved. */
  calibrationSourceId: string | null;
  calibrationAnswer: boolean | null;
  openedAt: Date;
}

/** The submission whose texts are judged: that of a calibration task leaves the board with it, its source stays. */
export const workOf = ({ calibrationSourceId, submissionId }: Judgement): string =>
  calibrationSourceId ?? submissionId;

/** As every judgement begins. */
export const UNDECIDED = {
  status: 'judging',
  pastPanels: [],
  picks: 0,
  outcome: null,
  decidedBy: null,
  decidedAt: null,
  feeBurnt: null,
  queuedAt: null,
} as const satisfies Partial<Judgement>;

/** A submission that nobody has judged yet. Its panel is known once those who may be drawn are. */
export const beginJudgement = (
  work: Pick<Judgement, 'submissionId' | 'taskId' | 'creatorId' | 'executorId' | 'digest'>,
  at: Date,
): Judgement => ({
  ...UNDECIDED,
  ...work,
  panel: firstPanel(0, false),
  calibrationSourceId: null,
  calibrationAnswer: null,
  openedAt: at,
});

/** Operators too fall silent. */
export const QUEUE_MS = 7 * DAY_MS;
/** Agents come, become free, get over a bad run: somebody may be there an hour later. */
export const VACANCY_RETRY_MS = HOUR_MS;

export const queueEndsAt = (queuedAt: Date): Date => after(queuedAt, QUEUE_MS);

/** When time alone next changes something. */
export function dueAt({ status, panel, queuedAt }: Judgement, seats: readonly Seat[], at: Date): Date | null {
  if (status === 'decided') return null;
  if (status === 'queued') return queueEndsAt(queuedAt!);
  const times = seats.filter(isOpen).map(({ deadline }) => deadline);
  if (panel.vacantUntil) times.push(panel.vacantUntil, after(at, VACANCY_RETRY_MS));
  return times.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
}

export interface VoteCount {
  votesFor: number;
  votesAgainst: number;
}

/** How a verdict came about. */
export interface Votes extends VoteCount {
  decidedBy: DecidedBy;
  /** The quality scores of those who voted. */
  ratings: readonly number[];
}

export const countVotes = (seats: readonly Seat[]): VoteCount => ({
  votesFor: seats.filter(({ approved }) => approved === true).length,
  votesAgainst: seats.filter(({ approved }) => approved === false).length,
});

/** The votes behind a verdict: those of the panel that sits, or all of them where that has none. */
export function decidingVotes({ panel }: Judgement, seats: readonly Seat[]): Seat[] {
  const voted = seats.filter(({ approved }) => approved !== null);
  const own = voted.filter((seat) => seat.panel === panel.kind);
  return own.length > 0 ? own : voted;
}

/** What nobody decides in time: approved when no more rejected than approved. */
export function outcomeOfSilence(seats: readonly Seat[]): Outcome {
  const { votesFor, votesAgainst } = countVotes(seats);
  return votesAgainst > votesFor ? 'rejected' : 'approved';
}

/** Whether a vote was right, by what has become of the work; a silence never is, an unneeded seat is neither. */
export function wasRight({ approved, end }: Seat, outcome: Outcome): boolean | null {
  if (end === 'timed_out') return false;
  return approved === null ? null : approved === (outcome === 'approved');
}
