import { validationClosed, disputeResolved } from '../validation.events.js';
import { isCalibration } from './calibration.js';
import { unchanged, type Change, type EndedSeat, type LockedJudgement } from './change.js';
import { lapse, resolve, type Dispute, type Outcome } from './dispute.js';
import {
  countVotes,
  decidingVotes,
  outcomeOfSilence,
  queueEndsAt,
  wasRight,
  type DecidedBy,
  type Judgement,
} from './judgement.js';
import {
  ended,
  escalated,
  hasBegun,
  hasVoted,
  isOfFive,
  isOpen,
  isOverdue,
  nextRound,
  panelOfFive,
  verdictOf,
  votingEnds,
  withoutVacancies,
  withVacancies,
  type Panel,
  type Seat,
} from './panel.js';

/** What follows now from who sits and how they voted. Where it asks for a draw, `goOn` says how it goes on. */
export function advance(locked: LockedJudgement, at: Date): Change {
  return follow(unchanged(locked), at);
}

/** Deadlines, seats that found nobody, operators who are silent: undefined when the hour changes nothing. */
export function passTime(locked: LockedJudgement, at: Date): Change | undefined {
  const { judgement, seats } = locked;
  if (judgement.status === 'decided') return undefined;
  if (judgement.status === 'queued')
    return at < queueEndsAt(judgement.queuedAt!)
      ? undefined
      : conclude(locked, outcomeOfSilence(seats), 'silence', at);
  const overdue = seats.filter((seat) => isOverdue(seat, at));
  const timely = close(
    unchanged(locked),
    overdue.map((seat) => ({ ...seat, end: 'timed_out' })),
    at,
  );
  const { panel } = judgement;
  if (panel.vacant === 0) return follow(timely, at);
  return at >= panel.vacantUntil!
    ? follow(withPanel(timely, withoutVacancies(panel)), at)
    : { ...timely, draw: panel.vacant };
}

/** The seats that were drawn are taken; those for which nobody was found stay vacant for a while. */
export function goOn(before: LockedJudgement, drawn: LockedJudgement, wanted: number, at: Date): Change {
  const { panel } = drawn.judgement;
  const added = drawn.seats.length - before.seats.length;
  // A panel of five that could not begin waits for nobody.
  const vacant = isOfFive(panel) && !hasBegun(panel, drawn.seats) ? 0 : wanted - added;
  const seated = follow(withPanel(unchanged(drawn), withVacancies(panel, vacant, at)), at);
  if (before.seats.length > 0 || added === 0) return seated;
  return {
    ...seated,
    work: { kind: 'start', panel: { seats: panel.seats, deadline: votingEnds(panel.kind, at) } },
  };
}

/** The open seat of an agent who is suspended is given up, without a trace in what it earns or how accurate it is. */
export function vacate(locked: LockedJudgement, agentId: string, at: Date): Change | undefined {
  const seat = locked.seats.find((one) => one.agentId === agentId);
  if (!seat || !isOpen(seat)) return undefined;
  const left = close(unchanged(locked), [{ ...seat, end: 'suspended' }], at);
  const { panel } = locked.judgement;
  return isCalibration(locked.judgement) ? follow(left, at) : { ...left, draw: panel.vacant + 1 };
}

/** Five others hear a dispute; nobody who sat before is among them. */
export const hearDispute = ({ judgement, seats }: LockedJudgement, dispute: Dispute): Change =>
  drawPanel(unchanged({ judgement: { ...judgement, status: 'judging' }, seats, dispute }), 'dispute');

/** Somebody has found an outcome: a panel, an operator, or nobody in time. */
export function conclude(locked: LockedJudgement, outcome: Outcome, by: DecidedBy, at: Date): Change {
  return concluded(unchanged(locked), outcome, by, at);
}

function follow(change: Change, at: Date): Change {
  if (isCalibration(change.judgement)) return change.seats.some(isOpen) ? change : revealed(change, at);
  const { panel } = change.judgement;
  const verdict = verdictOf(panel, change.seats);
  switch (verdict.kind) {
    case 'waiting':
      return change;
    case 'approved':
    case 'rejected':
      return concluded(change, verdict.kind, hasVoted(panel, change.seats) ? 'panel' : 'silence', at);
    case 'replace':
      return { ...withPanel(change, nextRound(panel)), draw: verdict.seats };
    case 'escalate':
      return { ...withPanel(change, nextRound(escalated(panel))), draw: verdict.seats };
    case 'deadlock':
      return drawPanel(withoutVerdict(change, at), 'deadlock');
    case 'operator':
      return queued(withoutVerdict(change, at), at);
  }
}

function drawPanel(change: Change, kind: 'deadlock' | 'dispute'): Change {
  const panel = panelOfFive(kind);
  return { ...withPanel(change, panel), draw: panel.seats };
}

/** Their votes stand, but there was no verdict with which they could have agreed. */
const withoutVerdict = (change: Change, at: Date): Change =>
  close(change, ended(change.judgement.panel, change.seats, null), at);

function queued(change: Change, at: Date): Change {
  const { judgement } = change;
  const panel: Panel = { ...judgement.panel, vacant: 0, vacantUntil: null };
  return { ...change, judgement: { ...judgement, panel, status: 'queued', queuedAt: at } };
}

function concluded(change: Change, outcome: Outcome, by: DecidedBy, at: Date): Change {
  return change.judgement.panel.kind === 'dispute'
    ? disputeEnded(change, outcome, by, at)
    : settled(change, outcome, by, at);
}

function settled(change: Change, outcome: Outcome, by: DecidedBy, at: Date): Change {
  const { judgement, seats } = change;
  const closed = close(change, ended(judgement.panel, seats, outcome), at);
  const votes = {
    ...countVotes(decidingVotes(judgement, seats)),
    decidedBy: by,
    ratings: ratingsOf(seats),
  };
  return { ...decided(closed, outcome, by, at), work: { kind: 'settle', outcome, votes } };
}

/** What nobody decides leaves the verdict as it was found before. */
function disputeEnded(change: Change, outcome: Outcome, by: DecidedBy, at: Date): Change {
  const { judgement, seats } = change;
  const dispute = change.dispute!;
  const resolution = by === 'silence' ? lapse(dispute, at) : resolve(dispute, outcome, by, at);
  const found = by === 'silence' ? dispute.verdict : outcome;
  const closed = close(change, ended(judgement.panel, seats, found), at);
  const contested = judgement.decidedBy!;
  // Whoever upholds what silence had approved is the first to judge it.
  const isNews = resolution.overturned || contested === 'silence';
  const over = decided(closed, found, isNews ? by : contested, at);
  const panel = seats.filter((seat) => seat.panel === 'dispute');
  const ruling = {
    ...countVotes(panel),
    disputeId: dispute.id,
    contested,
    decidedBy: by,
    ratings: ratingsOf(panel),
  };
  return {
    ...over,
    events: [...over.events, disputeResolved(resolution, panel, contested)],
    work: { kind: 'resolve', resolution, ruling },
  };
}

/** Compared with how it should be judged; its task moves nothing and leaves the board. */
function revealed(change: Change, at: Date): Change {
  const { calibrationAnswer, panel } = change.judgement;
  const outcome: Outcome = calibrationAnswer ? 'approved' : 'rejected';
  const closed = close(change, ended(panel, change.seats, outcome), at);
  return { ...decided(closed, outcome, 'panel', at), work: { kind: 'withdraw' } };
}

/** Whoever voted was right or wrong by what has become of the work. */
function decided(change: Change, outcome: Outcome, by: DecidedBy, at: Date): Change {
  const { judgement, seats } = change;
  const isNews = outcome !== judgement.outcome;
  const over: Judgement = {
    ...judgement,
    panel: { ...judgement.panel, vacant: 0, vacantUntil: null },
    status: 'decided',
    outcome,
    decidedBy: by,
    decidedAt: isNews ? at : judgement.decidedAt,
    // An overturned approval gives the fee back; of an overturned rejection perhaps nobody could pay one.
    feeBurnt: isNews ? null : judgement.feeBurnt,
    queuedAt: null,
  };
  const judged = seats.map((seat) => ({
    id: seat.id,
    agentId: seat.agentId,
    wasRight: wasRight(seat, outcome),
  }));
  return { ...change, judgement: over, judged };
}

/** Ends seats. Rewards and reputation live on the news of it. */
function close(change: Change, ends: readonly EndedSeat[], at: Date): Change {
  if (ends.length === 0) return change;
  const { judgement, seats, ended: before = [], events } = change;
  const byId = new Map(ends.map((seat) => [seat.id, { ...seat, endedAt: at }]));
  return {
    ...change,
    seats: seats.map((seat) => byId.get(seat.id) ?? seat),
    ended: [...before, ...byId.values()],
    events: [...events, ...ends.map((seat) => validationClosed(seat, judgement.taskId))],
  };
}

const withPanel = (change: Change, panel: Panel): Change => ({
  ...change,
  judgement: { ...change.judgement, panel },
});

const ratingsOf = (seats: readonly Seat[]): number[] =>
  seats.flatMap(({ scores }) => (scores ? [scores.quality] : []));
