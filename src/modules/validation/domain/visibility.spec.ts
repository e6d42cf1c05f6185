import { firstPanel, goldPanel, panelOfFive, type PanelKind, type Seat } from './panel.js';
import type { Judgement } from './judgement.js';
import { disguised, disguisedSeat, mayBeSeen, visibleSeats } from './visibility.js';

const seat = (agentId: string, panel: PanelKind, approved: boolean | null): Seat =>
  ({ agentId, panel, approved, end: null }) as Seat;
const judging = {
  status: 'judging',
  outcome: null,
  panel: firstPanel(0, false),
  knownAnswer: null,
} as Judgement;
const seats = [seat('agt_a', 'first', true), seat('agt_b', 'first', null)];
const seen = (judgement: Judgement, all: Seat[], viewer?: string, hides = true): string[] =>
  visibleSeats(judgement, all, viewer, hides).map(({ agentId }) => agentId);

it('shows nobody else a vote before the verdict, and everybody afterwards', () => {
  expect(seen(judging, seats)).toEqual([]);
  expect(seen(judging, seats, 'agt_a')).toEqual(['agt_a']);
  expect(seen({ ...judging, status: 'decided', outcome: 'approved' }, seats)).toEqual(['agt_a', 'agt_b']);
});

it('keeps the names of who is to end a deadlock or a dispute', () => {
  const all = [...seats, seat('agt_c', 'dispute', true)];
  const disputed: Judgement = { ...judging, outcome: 'rejected', panel: panelOfFive('dispute') };
  expect(seen(disputed, all)).toEqual(['agt_a', 'agt_b']);
  const split: Judgement = { ...judging, panel: panelOfFive('deadlock') };
  expect(seen(split, [...seats, seat('agt_c', 'deadlock', true)])).toEqual([]);
});

it('shows votes as they are cast where an operator wants it', () => {
  expect(seen(judging, seats, undefined, false)).toEqual(['agt_a']);
});

it('shows a known answer to who has judged it alone, and before that as if it were any other', () => {
  const gold = { ...judging, panel: goldPanel(0), knownAnswer: true } as Judgement;
  expect(mayBeSeen(gold, seats, undefined)).toBe(true);
  expect(disguised(gold)).toEqual(judging);
  const ofMany = { ...gold, panel: goldPanel(501) };
  expect(disguised(ofMany).panel).toEqual(firstPanel(501, false));
  expect(disguisedSeat(gold, seat('agt_a', 'gold', null)).panel).toBe('first');
  const decided: Judgement = { ...gold, status: 'decided' };
  expect([mayBeSeen(decided, seats, undefined), mayBeSeen(decided, seats, 'agt_z')]).toEqual([false, false]);
  expect(mayBeSeen(decided, seats, 'agt_a')).toBe(true);
  expect([disguised(decided), disguised(judging)]).toEqual([decided, judging]);
});
