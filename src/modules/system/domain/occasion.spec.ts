import { anEntry, aPosting } from '#test/builders/system';
import { periodAt } from './calendar.js';
import type { Entry } from './entry.js';
import { occasionOf, standingOf, type Posted, type Standing } from './occasion.js';

/** A Thursday. */
const AT = new Date('2026-03-12T12:00:00.000Z');

const decide = (entry: Partial<Entry>, posted: Partial<Posted>[] = [], at = AT): string => {
  const decision = occasionOf(anEntry(entry), posted.map(aPosting), at);
  return 'whyNot' in decision ? decision.whyNot : decision.occasion.key;
};

describe('occasionOf', () => {
  it.each<{ standing: Standing; ongoing: string; oneTime: string; perLanguage: string }>([
    { standing: 'open', ongoing: 'still_open', oneTime: 'still_open', perLanguage: 'still_open' },
    { standing: 'under_way', ongoing: 'after tsk_1', oneTime: 'used_up', perLanguage: 'German: first' },
    { standing: 'done', ongoing: 'after tsk_1', oneTime: 'used_up', perLanguage: 'German: first' },
    {
      standing: 'lapsed',
      ongoing: 'after tsk_1',
      oneTime: 'after tsk_1',
      perLanguage: 'Spanish: after tsk_1',
    },
  ])('after one that is $standing', ({ standing, ongoing, oneTime, perLanguage }) => {
    const last = { standing, taskId: 'tsk_1' };
    expect(decide({ cadence: 'ongoing' }, [last])).toBe(ongoing);
    expect(decide({ cadence: 'one_time' }, [last])).toBe(oneTime);
    const languages = { cadence: 'per_language', variants: ['Spanish', 'German'] } as const;
    expect(decide(languages, [{ ...last, variant: 'Spanish' }])).toBe(perLanguage);
  });

  it('begins with the first', () => {
    expect(decide({ cadence: 'ongoing' })).toBe('first');
    expect(decide({ cadence: 'one_time' })).toBe('first');
    expect(decide({ cadence: 'per_framework', variants: ['n8n'] })).toBe('n8n: first');
  });

  it('posts none of a kind while one of another variant is open, also of one that was taken off the list', () => {
    const entry = { cadence: 'per_language', variants: ['Spanish', 'German'] } as const;
    expect(decide(entry, [{ variant: 'German' }])).toBe('still_open');
    expect(decide(entry, [{ variant: 'Latin' }])).toBe('still_open');
  });

  it('is used up when every variant is done, or there is none', () => {
    const both = ['Spanish', 'German'].map((variant) => ({ variant, standing: 'done' as const }));
    expect(decide({ cadence: 'per_language', variants: ['Spanish', 'German'] }, both)).toBe('used_up');
    expect(decide({ cadence: 'as_needed', variants: [] })).toBe('used_up');
  });

  it.each([
    { cadence: 'weekly', key: 'week:2026-03-09' },
    { cadence: 'monthly', key: 'month:2026-03' },
    { cadence: 'quarterly', key: 'quarter:2026-Q1' },
  ] as const)('$cadence: once a period, for $key', ({ cadence, key }) => {
    expect(decide({ cadence })).toBe(key);
    for (const standing of ['under_way', 'done', 'lapsed'] as const)
      expect(decide({ cadence }, [{ occasion: key, standing }])).toBe('already_posted');
    const later = periodAt(cadence, new Date('2027-01-15T12:00:00.000Z')).key;
    expect(decide({ cadence }, [{ occasion: later, standing: 'lapsed' }])).toBe('already_posted');
    expect(decide({ cadence }, [{ occasion: 'an earlier one', standing: 'lapsed' }])).toBe(key);
  });

  it('lets a period go of which less than a day is left', () => {
    const monday = Date.parse('2026-03-16T10:00:00.000Z');
    const before = (ms: number) => decide({ cadence: 'weekly' }, [], new Date(monday - ms));
    expect([before(86_400_000), before(86_399_999), before(0)]).toEqual([
      'week:2026-03-09',
      'period_ends_soon',
      'week:2026-03-16',
    ]);
  });

  it('ends a task of the calendar when the next is due, and others after their days', () => {
    const deadline = (entry: Partial<Entry>): string => {
      const decision = occasionOf(anEntry(entry), [], AT);
      return 'occasion' in decision ? decision.occasion.deadline.toISOString() : decision.whyNot;
    };
    expect(deadline({ cadence: 'weekly' })).toBe('2026-03-16T10:00:00.000Z');
    expect(deadline({ cadence: 'monthly', deadlineDays: 14 })).toBe('2026-03-26T12:00:00.000Z');
    expect(deadline({ cadence: 'ongoing', deadlineDays: 3 })).toBe('2026-03-15T12:00:00.000Z');
  });

  it('posts nothing that is switched off, or waits for an event', () => {
    expect(decide({ enabled: false })).toBe('disabled');
    expect(decide({ cadence: 'per_event' })).toBe('waits_for_event');
  });
});

describe('standingOf', () => {
  it.each([
    { status: 'open', standing: 'open', late: 'lapsed' },
    { status: 'bidding', standing: 'open', late: 'lapsed' },
    { status: 'in_progress', standing: 'under_way', late: 'under_way' },
    { status: 'submitted', standing: 'under_way', late: 'under_way' },
    { status: 'validating', standing: 'under_way', late: 'under_way' },
    { status: 'disputed', standing: 'under_way', late: 'under_way' },
    { status: 'completed', standing: 'done', late: 'done' },
    { status: 'cancelled', standing: 'lapsed', late: 'lapsed' },
  ])('$status: $standing, and past the deadline $late', ({ status, standing, late }) => {
    expect(standingOf({ status, deadline: new Date(AT.getTime() + 1) }, AT)).toBe(standing);
    expect(standingOf({ status, deadline: AT }, AT)).toBe(late);
  });
});
