import { CATEGORIES } from '#modules/tasks';
import { bounties } from './bounties.js';
import { SHIPPED } from './catalogue.js';
import { editEntry } from './edit-entry.js';
import { CADENCES } from './entry.js';
import { fillIn } from './fill-in.js';
import { occasionOf, type Fillings } from './occasion.js';

describe('The shipped catalogue', () => {
  it('has the kinds, prices, categories and cadences of the product', () => {
    expect(
      SHIPPED.map(({ kind, points, category, cadence }) => [
        kind,
        Number(points.units) / 100,
        category,
        cadence,
      ]),
    ).toEqual([
      ['tweet_thread', 30, 'marketing', 'weekly'],
      ['case_study', 80, 'content', 'per_event'],
      ['banner', 40, 'images', 'one_time'],
      ['translation', 60, 'content', 'per_language'],
      ['testimonial', 20, 'marketing', 'ongoing'],
      ['bug_report', 50, 'analytics', 'ongoing'],
      ['integration_tutorial', 80, 'content', 'per_framework'],
      ['sdk_wrapper', 200, 'development', 'per_language'],
      ['endpoint', 150, 'development', 'as_needed'],
      ['acceptance_tests', 100, 'development', 'per_endpoint'],
      ['category_template', 40, 'prototypes', 'quarterly'],
      ['stats_report', 30, 'analytics', 'weekly'],
      ['competitor_research', 60, 'analytics', 'monthly'],
      ['onboarding_story', 25, 'marketing', 'ongoing'],
    ]);
    expect(CATEGORIES).toEqual(expect.arrayContaining(SHIPPED.map(({ category }) => category)));
    expect(CADENCES).toEqual(expect.arrayContaining(SHIPPED.map(({ cadence }) => cadence)));
  });

  it.each(SHIPPED)('$kind keeps to the limits of tasks, whatever it is filled in with', (entry) => {
    const all: Fillings = {
      variant: 'v'.repeat(60),
      period: 'the week of 2026-03-09',
      task_id: 'tsk_12345678',
      task_title: 't'.repeat(100),
    };
    const draft = fillIn(editEntry(entry, {}), { key: 'k', fillings: all, deadline: new Date() });
    expect(draft.title.length).toBeLessThanOrEqual(200);
    expect(draft.acceptanceCriteria.length).toBeGreaterThanOrEqual(4);
    for (const text of [draft.title, draft.description, ...draft.acceptanceCriteria]) {
      expect(text).not.toMatch(/\{(variant|period|task_id|task_title)\}/);
      expect(text).not.toContain('…');
    }
  });

  it.each(['2026-03-12T12:00:00Z', '2026-03-15T12:00:00Z', '2026-03-31T12:00:00Z'])(
    'has ten kinds for a first start at %s',
    (time) => {
      const at = new Date(time);
      const offers = SHIPPED.flatMap((entry) => {
        const decision = occasionOf(entry, [], at);
        return 'occasion' in decision
          ? [{ entry, occasion: decision.occasion, lastPostedAt: undefined }]
          : [];
      });
      expect(new Set(bounties(offers, 0).map(({ entry }) => entry.kind)).size).toBe(10);
    },
  );

  it('refuses an edit after which two variants look alike', () => {
    const translation = SHIPPED.find(({ kind }) => kind === 'translation')!;
    expect(() => editEntry(translation, { title: 'Translate the documentation' })).toThrow(/variants/);
    expect(editEntry(translation, { title: 'In {variant}, please' }).title).toBe('In {variant}, please');
    const banner = SHIPPED.find(({ kind }) => kind === 'banner')!;
    expect(() => editEntry(banner, { variants: ['dark'] })).toThrow(/variants/);
  });
});
