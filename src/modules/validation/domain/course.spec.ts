import { after, HOUR_MS } from '#kernel/clock';
import { causeOfSeat, DELTAS } from '#modules/reputation';
import { aJudgement } from '#test/builders/judgements';
import { castVote } from './cast-vote.js';
import type { LockedJudgement } from './change.js';
import { goOn, passTime } from './course.js';
import { firstPanel, isOpen, newSeat, votingEnds, type Seat } from './panel.js';
import { moneyFor, type SeatEnd } from './rewards.js';

const DRAWN_AT = new Date('2026-03-12T12:00:00.000Z');

type Act = 'approve' | 'reject' | 'silence';
interface Course {
  locked: LockedJudgement;
  at: Date;
  verdict: 'approved' | 'rejected' | 'deadlock' | null;
}

/** Somebody is found for every seat. */
function begin(): Course {
  const judgement = { ...aJudgement(), panel: firstPanel(10, false) };
  const locked = { judgement, seats: [] };
  return { locked: goOn(locked, seated(locked, 3, DRAWN_AT), 3, DRAWN_AT), at: DRAWN_AT, verdict: null };
}

function seated({ judgement, seats }: LockedJudgement, count: number, at: Date): LockedJudgement {
  const { panel, submissionId } = judgement;
  const fresh = Array.from({ length: count }, (_, index): Seat => ({
    ...newSeat(panel, { submissionId, agentId: `agt_${seats.length + index}` }, at),
    id: `val_${seats.length + index}`,
  }));
  return { judgement, seats: [...seats, ...fresh] };
}

/** One more thing happens, and what follows from it at once. */
function go({ locked, at: before }: Course, agentId: string, act: Act): Course {
  const at = act === 'silence' ? votingEnds('first', before) : after(before, HOUR_MS);
  const vote = { approved: act === 'approve', scores: null, feedback: null };
  const change = act === 'silence' ? passTime(locked, at)! : castVote(locked, agentId, vote, at);
  const { outcome, panel } = change.judgement;
  if (panel.kind === 'deadlock') return { locked: change, at, verdict: 'deadlock' };
  if (change.draw === undefined) return { locked: change, at, verdict: outcome };
  const drawn = seated(change, change.draw, at);
  return { locked: goOn(change, drawn, change.draw, at), at, verdict: null };
}

/** Every order in which open seats may vote, and time run out for the rest at any moment in between. */
function* everyCourse(course: Course): Generator<Course> {
  if (course.verdict) {
    yield course;
    return;
  }
  for (const { agentId } of course.locked.seats.filter(isOpen)) {
    yield* everyCourse(go(course, agentId, 'approve'));
    yield* everyCourse(go(course, agentId, 'reject'));
  }
  yield* everyCourse(go(course, '', 'silence'));
}

/** Rules §4.5 and §4.8 for the votes that were cast: verdict, and for each vote what it earns in all. */
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
    for (const { locked, verdict } of courses) {
      const { seats } = locked;
      const row = TABLE[`${count(seats, true)}-${count(seats, false)}`]!;
      expect(verdict).toBe(row.verdict);
      for (const { approved, end } of seats) {
        if (approved !== null) expect(end).toBe(approved ? row.approvers : row.rejecters);
        else expect(['timed_out', 'verdict_without_you']).toContain(end);
      }
    }
  });

  it('pay and judge each seat by how it ended', () => {
    for (const { locked } of courses)
      for (const { end } of locked.seats) {
        expect({ points: pointsFor(end!), reputation: reputationFor(end!) }).toEqual(EARNS[end!]);
      }
  });

  it('take three rounds at most, and at least two votes, or one for it, to be decided', () => {
    for (const { locked, verdict } of courses) {
      const rounds = locked.seats.map(({ round }) => round);
      expect(Math.max(...rounds)).toBeLessThanOrEqual(3);
      if (verdict === 'rejected') expect(count(locked.seats, false)).toBe(2);
      if (verdict === 'deadlock') expect(Math.max(...rounds)).toBe(3);
    }
  });

  it('reach every row of the table', () => {
    const reached = courses.map(({ locked: { seats } }) => `${count(seats, true)}-${count(seats, false)}`);
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
