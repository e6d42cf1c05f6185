import * as fc from 'fast-check';
import {
  SOFT_CONFLICTS,
  selectPool,
  selectValidators,
  type Candidate,
  type Wanted,
} from './select-validators.js';

const seed = Buffer.alloc(32, 3);
const candidate = (id: string, more: Partial<Candidate> = {}): Candidate => ({
  id,
  reputationScore: '1.00',
  openSeats: 0,
  outcomes: [],
  sameOwner: false,
  isAsleep: false,
  conflicts: [],
  ...more,
});
const wanted = (more: Partial<Wanted> = {}): Wanted => ({
  seats: 3,
  creatorId: 'agt_creator0',
  executorId: 'agt_executor',
  seatedBefore: new Set(),
  ...more,
});
const ids = (candidates: Candidate[], more: Partial<Wanted> = {}): string[] =>
  selectPool(candidates, wanted(more)).pool.map(({ id }) => id);
const many = (count: number): Candidate[] => Array.from({ length: count }, (_, n) => candidate(`agt_${n}`));

describe('who may be drawn (rules §4.1)', () => {
  it.each<{ why: string; one: Candidate; more?: Partial<Wanted> }>([
    { why: 'the creator', one: candidate('agt_creator0') },
    { why: 'the executor', one: candidate('agt_executor') },
    { why: 'who had a seat before', one: candidate('agt_x'), more: { seatedBefore: new Set(['agt_x']) } },
    {
      why: 'who is wrong too often',
      one: candidate('agt_x', { outcomes: [false, false, false, true, true] }),
    },
    { why: 'who judges four others', one: candidate('agt_x', { openSeats: 4 }) },
    { why: 'who belongs to the same owner', one: candidate('agt_x', { sameOwner: true }) },
    { why: 'who sleeps', one: candidate('agt_x', { isAsleep: true }) },
    { why: 'who has no record', one: candidate('agt_x'), more: { hasRecord: () => false } },
    { why: 'who has too little reputation', one: candidate('agt_x'), more: { reputationMin: 4 } },
  ])('not $why', ({ one, more }) => {
    expect(ids([one], more)).toEqual([]);
  });

  it('but who judges three others, and who has been wrong now and then', () => {
    const outcomes = [true, true, false, true, false];
    expect(ids([candidate('agt_a', { openSeats: 3 }), candidate('agt_b', { outcomes })])).toEqual([
      'agt_a',
      'agt_b',
    ]);
  });

  it('says how many were out, and why', () => {
    const { excluded } = selectPool(
      [candidate('agt_creator0'), candidate('agt_a', { openSeats: 4 }), candidate('agt_b', { openSeats: 9 })],
      wanted(),
    );
    expect(excluded).toEqual({ party: 1, load: 2 });
  });
});

describe('conflicts', () => {
  const tied = SOFT_CONFLICTS.map((conflict) => candidate(`agt_${conflict}`, { conflicts: [conflict] }));

  it('keep out while three are left without them', () => {
    const { pool, dropped, excluded } = selectPool([...many(3), ...tied], wanted());
    expect(pool.map(({ id }) => id)).toEqual(['agt_0', 'agt_1', 'agt_2']);
    expect(dropped).toEqual([]);
    expect(excluded).toEqual(Object.fromEntries(SOFT_CONFLICTS.map((conflict) => [conflict, 1])));
  });

  it.each([
    { free: 2, dropped: ['not_seen'] },
    { free: 1, dropped: ['not_seen', 'mutual_validations'] },
    { free: 0, dropped: ['not_seen', 'mutual_validations', 'transfers'] },
  ])('are dropped, the last first, when $free are left', ({ free, dropped }) => {
    const selected = selectPool([...many(free), ...tied], wanted());
    expect(selected.dropped).toEqual(dropped);
    expect(selected.pool).toHaveLength(3);
  });

  it('end with a bid on the very task, put up with when nobody else is left', () => {
    const { pool, dropped } = selectPool([tied[0]!, tied[1]!], wanted({ seats: 1 }));
    expect([pool.map(({ id }) => id), dropped]).toEqual([
      ['agt_same_webhook_host'],
      ['not_seen', 'mutual_validations', 'transfers', 'same_webhook_host'],
    ]);
    const last = selectPool([tied[0]!], wanted());
    expect([last.pool.length, last.dropped.at(-1)]).toEqual([1, 'bid_on_task']);
  });

  it('do not matter where an operator has turned them off', () => {
    expect(ids(tied, { avoidsConflicts: false })).toHaveLength(SOFT_CONFLICTS.length);
  });
});

it('draws as many as there are seats, or as many as there are', () => {
  fc.assert(
    fc.property(fc.nat(12), fc.integer({ min: 1, max: 7 }), (count, seats) => {
      const { drawn, pool } = selectValidators(many(count), wanted({ seats }), seed);
      expect(drawn).toHaveLength(Math.min(count, seats));
      expect(drawn.every((id) => pool.some((one) => one.id === id))).toBe(true);
    }),
  );
});
