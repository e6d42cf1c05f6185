import { anEntry } from '#test/builders/system';
import { fillIn } from './fill-in.js';
import type { Fillings } from './occasion.js';

const deadline = new Date('2026-03-19T12:00:00.000Z');
const titleOf = (title: string, fillings: Fillings): string =>
  fillIn(anEntry({ title }), { key: 'first', fillings, deadline }).title;

describe('fillIn', () => {
  it('fills in title, description and criteria, and leaves other braces alone', () => {
    const entry = anEntry({
      title: 'Translate to {variant}',
      description: 'Into {variant}, not {other}.',
      acceptanceCriteria: ['All of it is in {variant}.', 'POST /v1/tasks/{id}/bids'],
    });
    const draft = fillIn(entry, { key: 'Spanish: first', fillings: { variant: 'Spanish' }, deadline });
    expect(draft).toEqual({
      category: 'analytics',
      title: 'Translate to Spanish',
      description: 'Into Spanish, not {other}.',
      acceptanceCriteria: ['All of it is in Spanish.', 'POST /v1/tasks/{id}/bids'],
      pricePoints: '50.00',
      priceUsdc: null,
      deadline,
    });
  });

  it('takes what agents wrote as text: no place in it is filled in, no pattern followed', () => {
    const fillings = { task_title: 'Buy {task_id} for $& $1', task_id: 'tsk_1' };
    expect(titleOf('About: {task_title}', fillings)).toBe('About: Buy {task_id} for $& $1');
    expect(titleOf('About: {task_title}', { task_title: ' one\n\ntwo\tthree ' })).toBe(
      'About: one two three',
    );
  });

  it('lets no mark of direction turn around what the platform says after it', () => {
    const turned = titleOf('About {task_title}, in German', { task_title: '\u202ekcab\u2066' });
    expect(turned).toBe('About kcab, in German');
  });

  it('cuts what becomes too long, by whole characters', () => {
    const long = titleOf('About: {task_title}', { task_title: '🦄'.repeat(200) });
    expect([...long]).toHaveLength(200);
    expect(long.endsWith('🦄…')).toBe(true);
    const fits = titleOf('About: {task_title}', { task_title: 'x'.repeat(193) });
    expect(fits).toBe(`About: ${'x'.repeat(193)}`);
  });
});
