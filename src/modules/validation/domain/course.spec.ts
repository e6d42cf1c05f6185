import { after, HOUR_MS } from '../../../kernel/clock.js';
import { causeOfSeat, DELTAS } from '../../reputation/domain/deltas.js';
import {
  ended,
  firstPanel,
  isOpen,
  isOverdue,
  nextRound,
  verdictOf,
  votingEnds,
  type Panel,
  type Seat,
} from './panel.js';
import { moneyFor, type SeatEnd } from './rewards.js';

const DRAWN_AT = new Date('2026-03-12T12:00:00.000Z');

type Act = 'approve' | 'reject' | 'silence';
interface Course {
  panel: Panel;
  seats: Seat[];
  at: Date;
  verdict: 'approved' | 'rejected' | 'deadlock' | null;
}

const begin = (): Course =>
  seated({ panel: firstPanel(10, false), seats: [], at: DRAWN_AT, verdict: null }, 3);

function seated(course: Course, count: number): Course {
  const fresh = Array.from({ length: count }, (_, index): Seat => ({
    id: `val_${course.seats.length + index}`,
    submissionId: 'sub_00000001',
    agentId: `agt_${course.seats.length + index}`,
    panel: 'first',
    round: course.panel.round,
    approved: null,
    feedback: null,
    scores: null,
    votedAt: null,
    assignedAt: course.at,
    deadline: votingEnds('first', course.at),
    end: null,
    endedAt: null,
  }));
  return { ...course, seats: [...course.seats, ...fresh] };
}

/** One more thing happens, and what follows from it at once. */
function go(course: Course, seatId: string, act: Act): Course {
  const at = act === 'silence' ? votingEnds('first', course.at) : after(course.at, HOUR_MS);
  const seats = course.seats.map((seat): Seat => {
    if (act === 'silence') return isOverdue(seat, at) ? { ...seat, end: 'timed_out' } : seat;
    return seat.id === seatId ? { ...seat, approved: act === 'approve', votedAt: at } : seat;
  });
  const verdict = verdictOf(course.panel, seats);
  const next: Course = { ...course, seats, at };
  switch (verdict.kind) {
    case 'waiting':
      return next;
    case 'replace':
      return seated({ ...next, panel: nextRound(course.panel) }, verdict.seats);
    case 'approved':
    case 'rejected':
      return close(next, verdict.kind);
    case 'deadlock':
      return close(next, 'deadlock');
    case 'escalate':
    case 'operator':
      throw new Error(`${verdict.kind} has no place here.`);
  }
}

function close(course: Course, verdict: 'approved' | 'rejected' | 'deadlock'): Course {
  const last = ended(course.panel, course.seats, verdict === 'deadlock' ? null : verdict);
  const seats = course.seats.map((seat) => last.find(({ id }) => id === seat.id) ?? seat);
  return { ...course, seats, verdict };
}

/** Every order in which open seats may vote, and time run out for the rest at any moment in between. */
function* everyCourse(course: Course): Generator<Course> {
  if (course.verdict) {
    yield course;
    return;
  }
  const open = course.seats.filter(isOpen);
  for (const { id } of open) {
    yield* everyCourse(go(course, id, 'approve'));
    yield* everyCourse(go(course, id, 'reject'));
  }
  yield* everyCourse(go(course, '', 'silence'));
}

/** Spec §6.2 and §6.3 for the votes that were cast: verdict, and for each vote what it earns in all. */
const TABLE: Record<string, { verdict: Course['verdict']; approvers: SeatEnd; rejecters: SeatEnd }> = {
  '2-0': { verdict: 'approved', approvers: 'agreed', rejecters: 'disagreed' },
  '2-1': { verdict: 'approved', approvers: 'agreed', rejecters: 'disagreed' },
  '1-2': { verdict: 'rejected', approvers: 'disagreed', rejecters: 'agreed' },
  '0-2': { verdict: 'rejected', approvers: 'disagreed', rejecters: 'agreed' },
  '1-0': { verdict: 'approved', approvers: 'agreed', rejecters: 'disagreed' },
  '1-1': { verdict: 'deadlock', approvers: 'no_verdict', rejecters: 'no_verdict' },
  '0-1': { verdict: 'deadlock', approvers: 'no_verdict', rejecters: 'no_verdict' },
  '0-0': { verdict: 'deadlock', approvers: 'no_verdict', rejecters: 'no_verdict' },
};

const EARNS: Record<SeatEnd, { points: number; reputation: number }> = {
  agreed: { points: 7, reputation: 2 },
  disagreed: { points: 5, reputation: 0 },
  no_verdict: { points: 5, reputation: 0 },
  timed_out: { points: -5, reputation: -5 },
  verdict_without_you: { points: 0, reputation: 0 },
  suspended: { points: 0, reputation: 0 },
};

describe('every order and timing of three votes, silences and replacements', () => {
  const courses = [...everyCourse(begin())];

  it('are many', () => expect(courses.length).toBeGreaterThan(300));

  it('end as the table says', () => {
    for (const { seats, verdict } of courses) {
      const row = TABLE[`${count(seats, true)}-${count(seats, false)}`]!;
      expect(verdict).toBe(row.verdict);
      for (const { approved, end } of seats) {
        if (approved !== null) expect(end).toBe(approved ? row.approvers : row.rejecters);
        else expect(['timed_out', 'verdict_without_you']).toContain(end);
      }
    }
  });

  it('pay and judge each seat by how it ended', () => {
    for (const { seats } of courses)
      for (const { end } of seats) {
        expect({ points: pointsFor(end!), reputation: reputationFor(end!) }).toEqual(EARNS[end!]);
      }
  });

  it('take three rounds at most, and at least two votes, or one for it, to be decided', () => {
    for (const { seats, verdict, panel } of courses) {
      expect(panel.round).toBeLessThanOrEqual(3);
      if (verdict === 'rejected') expect(count(seats, false)).toBe(2);
      if (verdict === 'deadlock') expect(panel.round).toBe(3);
    }
  });

  it('reach every row of the table', () => {
    const reached = courses.map(({ seats }) => `${count(seats, true)}-${count(seats, false)}`);
    expect([...new Set(reached)].toSorted()).toEqual(Object.keys(TABLE).toSorted());
  });
});

const count = (seats: readonly Seat[], approved: boolean): number =>
  seats.filter((seat) => seat.approved === approved).length;

function pointsFor(end: SeatEnd): number {
  const moved = moneyFor(end);
  if (!moved) return 0;
  return 'reward' in moved ? Number(moved.reward.units) / 100 : -Number(moved.penalty.units) / 100;
}

const reputationFor = (end: SeatEnd): number => {
  const cause = causeOfSeat(end);
  return cause ? DELTAS[cause] : 0;
};
