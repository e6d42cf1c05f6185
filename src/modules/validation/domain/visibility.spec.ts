import { firstPanel, panelOfFive, type PanelKind, type Seat } from './panel.js';
import type { Judgement } from './judgement.js';
import { visibleSeats } from './visibility.js';

const seat = (agentId: string, panel: PanelKind, approved: boolean | null): Seat =>
  ({ agentId, panel, approved, end: null }) as Seat;
const judging = {
  status: 'judging',
  outcome: null,
  panel: firstPanel(0, false),
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
