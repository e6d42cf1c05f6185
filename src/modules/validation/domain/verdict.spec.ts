import * as fc from 'fast-check';
import {
  BENCH_OF_SEVEN,
  BENCH_OF_THREE,
  benchFor,
  decide,
  decideByFive,
  ESCALATED_BENCH,
  type Ballot,
} from './verdict.js';

const [A, R, T, O, V, U] = ['approve', 'reject', 'timeout', 'open', 'vacant', 'unfilled'] as const;
const times = (count: number, ballot: Ballot): Ballot[] => Array<Ballot>(count).fill(ballot);
const anyBallot = fc.constantFrom<Ballot>(A, R, T, O, V, U);

describe('three seats (rules §4.5)', () => {
  it.each<{ ballots: Ballot[]; verdict: object }>([
    { ballots: [A, A, A], verdict: { kind: 'approved' } },
    { ballots: [A, A, R], verdict: { kind: 'approved' } },
    { ballots: [A, R, R], verdict: { kind: 'rejected' } },
    { ballots: [R, R, R], verdict: { kind: 'rejected' } },
    { ballots: [A, R, T], verdict: { kind: 'replace', seats: 1 } },
    { ballots: [A, T, T], verdict: { kind: 'approved' } },
    { ballots: [R, T, T], verdict: { kind: 'replace', seats: 2 } },
    { ballots: [T, T, T], verdict: { kind: 'replace', seats: 3 } },
    { ballots: [A, A, T], verdict: { kind: 'approved' } },
    { ballots: [R, R, T], verdict: { kind: 'rejected' } },
  ])('$ballots → $verdict', ({ ballots, verdict }) => expect(decide(ballots)).toEqual(verdict));

  it.each<{ ballots: Ballot[]; kind: string }>([
    { ballots: [A, A, O], kind: 'approved' },
    { ballots: [R, R, O], kind: 'rejected' },
    { ballots: [A, R, O], kind: 'waiting' },
    { ballots: [A, O, O], kind: 'waiting' },
    { ballots: [A, T, O], kind: 'waiting' },
    { ballots: [T, T, O], kind: 'waiting' },
  ])('at once when two agree, and not before: $ballots → $kind', ({ ballots, kind }) =>
    expect(decide(ballots).kind).toBe(kind),
  );

  it('is a deadlock when three rounds brought no verdict', () => {
    expect(decide([A, R, T], BENCH_OF_THREE, 2)).toEqual({ kind: 'replace', seats: 1 });
    expect(decide([A, R, T], BENCH_OF_THREE, 3)).toEqual({ kind: 'deadlock' });
    expect(decide([T, T, T], BENCH_OF_THREE, 3)).toEqual({ kind: 'deadlock' });
    expect(decide([A, T, T], BENCH_OF_THREE, 3)).toEqual({ kind: 'approved' });
  });
});

describe('fewer than three eligible', () => {
  it.each<{ ballots: Ballot[]; verdict: object }>([
    { ballots: [A, A, V], verdict: { kind: 'approved' } },
    { ballots: [R, R, V], verdict: { kind: 'rejected' } },
    { ballots: [A, R, V], verdict: { kind: 'waiting' } },
    { ballots: [A, T, V], verdict: { kind: 'waiting' } },
    { ballots: [A, R, U], verdict: { kind: 'deadlock' } },
    { ballots: [A, T, U], verdict: { kind: 'approved' } },
    { ballots: [R, T, U], verdict: { kind: 'replace', seats: 2 } },
    { ballots: [T, T, U], verdict: { kind: 'replace', seats: 3 } },
    { ballots: [A, U, U], verdict: { kind: 'approved' } },
    { ballots: [T, U, U], verdict: { kind: 'approved' } },
    { ballots: [U, U, U], verdict: { kind: 'approved' } },
    { ballots: [R, U, U], verdict: { kind: 'operator' } },
  ])('$ballots → $verdict', ({ ballots, verdict }) => expect(decide(ballots)).toEqual(verdict));
});

describe('seven seats', () => {
  it.each<{ approve: number; reject: number; rest: Ballot; kind: string }>([
    { approve: 5, reject: 0, rest: O, kind: 'approved' },
    { approve: 0, reject: 5, rest: O, kind: 'rejected' },
    { approve: 4, reject: 0, rest: O, kind: 'waiting' },
    { approve: 4, reject: 0, rest: T, kind: 'approved' },
    { approve: 4, reject: 1, rest: T, kind: 'replace' },
    { approve: 0, reject: 4, rest: T, kind: 'replace' },
    { approve: 4, reject: 3, rest: O, kind: 'deadlock' },
    { approve: 3, reject: 4, rest: O, kind: 'deadlock' },
    { approve: 4, reject: 2, rest: U, kind: 'deadlock' },
  ])('$approve–$reject, the rest $rest → $kind', ({ approve, reject, rest, kind }) => {
    const ballots = [...times(approve, A), ...times(reject, R), ...times(7 - approve - reject, rest)];
    expect(decide(ballots, BENCH_OF_SEVEN).kind).toBe(kind);
  });

  it('are for more than 500 verified agents', () => {
    expect([benchFor(500).seats, benchFor(501).seats]).toEqual([3, 7]);
  });
});

describe('a panel of five (rules §4.7)', () => {
  it.each<{ ballots: Ballot[]; kind: string }>([
    { ballots: [A, A, A, O, O], kind: 'approved' },
    { ballots: [R, A, R, A, R], kind: 'rejected' },
    { ballots: [A, A, R, R, O], kind: 'waiting' },
    { ballots: [A, A, R, R, T], kind: 'operator' },
    { ballots: [A, A, T, T, T], kind: 'operator' },
    { ballots: times(5, T), kind: 'operator' },
  ])('$ballots → $kind', ({ ballots, kind }) => expect(decideByFive(ballots).kind).toBe(kind));
});

describe('a split that is escalated', () => {
  const bench = { ...BENCH_OF_THREE, escalatesSplits: true };

  it.each<{ ballots: Ballot[]; kind: string }>([
    { ballots: [A, A, O], kind: 'waiting' },
    { ballots: [A, A, A], kind: 'approved' },
    { ballots: [A, A, T], kind: 'approved' },
    { ballots: [A, A, R], kind: 'escalate' },
    { ballots: [R, R, A], kind: 'escalate' },
    { ballots: [A, R, T], kind: 'replace' },
  ])('$ballots → $kind', ({ ballots, kind }) => expect(decide(ballots, bench).kind).toBe(kind));

  it('then takes three of five', () => {
    expect(decide([A, A, R, O, O], ESCALATED_BENCH).kind).toBe('waiting');
    expect(decide([A, A, R, R, R], ESCALATED_BENCH).kind).toBe('rejected');
  });
});

describe('any ballots', () => {
  it('are decided alike in every order', () => {
    fc.assert(
      fc.property(
        fc
          .array(anyBallot, { minLength: 3, maxLength: 3 })
          .chain((ballots) =>
            fc.tuple(
              fc.constant(ballots),
              fc.shuffledSubarray(ballots, { minLength: ballots.length, maxLength: ballots.length }),
            ),
          ),
        ([ballots, shuffled]) => expect(decide(shuffled)).toEqual(decide(ballots)),
      ),
    );
  });

  it('decide nothing while somebody may still tip it, and always end when nobody can', () => {
    fc.assert(
      fc.property(
        fc.array(anyBallot, { minLength: 7, maxLength: 7 }),
        fc.integer({ min: 1, max: 3 }),
        (ballots, round) => {
          const { kind } = decide(ballots, BENCH_OF_SEVEN, round);
          const pending = ballots.some((ballot) => ballot === O || ballot === V);
          expect(kind === 'waiting' && !pending).toBe(false);
          expect(pending && !['waiting', 'approved', 'rejected'].includes(kind)).toBe(false);
          expect(round === 3 && kind === 'replace').toBe(false);
        },
      ),
    );
  });

  it('stay an approval when one of them becomes an approval', () => {
    fc.assert(
      fc.property(fc.array(anyBallot, { minLength: 3, maxLength: 3 }), fc.nat(2), (ballots, at) => {
        fc.pre(decide(ballots).kind === 'approved');
        expect(decide(ballots.with(at, A)).kind).toBe('approved');
      }),
    );
  });
});
