import { anEntry } from '#test/builders/system';
import { bounties, OPEN_TASKS_MIN, type Offer } from './bounties.js';
import type { Cadence } from './entry.js';

const offer = (kind: string, cadence: Cadence = 'ongoing', lastPosted?: string): Offer => ({
  entry: anEntry({ kind, cadence }),
  occasion: { key: 'first', fillings: {}, deadline: new Date('2026-03-19T12:00:00.000Z') },
  lastPostedAt: lastPosted === undefined ? undefined : new Date(lastPosted),
});
const kinds = (offers: readonly Offer[], openCount: number): string[] =>
  bounties(offers, openCount).map(({ entry }) => entry.kind);

describe('bounties', () => {
  const twelve = Array.from({ length: 12 }, (_, index) => offer(`kind_${index}`));

  it.each([
    { open: 0, added: 10 },
    { open: 1, added: 9 },
    { open: 9, added: 1 },
    { open: 10, added: 0 },
    { open: 500, added: 0 },
  ])('$open open: adds $added', ({ open, added }) => {
    expect(kinds(twelve, open)).toEqual(twelve.slice(0, added).map(({ entry }) => entry.kind));
  });

  it('adds what there is when there is not enough', () => {
    expect(kinds([offer('only')], 0)).toEqual(['only']);
    expect(kinds([], 0)).toEqual([]);
  });

  it('takes first what was not posted for the longest time, and the calendar last of all', () => {
    const offers = [
      offer('weekly', 'weekly'),
      offer('yesterday', 'ongoing', '2026-03-11'),
      offer('long ago', 'one_time', '2026-01-01'),
      offer('never', 'per_language'),
    ];
    expect(kinds(offers, OPEN_TASKS_MIN - 3)).toEqual(['never', 'long ago', 'yesterday']);
    expect(kinds(offers, 0)).toEqual(['never', 'long ago', 'yesterday', 'weekly']);
  });
});
