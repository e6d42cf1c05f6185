import { skillTagsIn } from './agent-card.js';

const card = (skills: unknown): string => JSON.stringify({ name: 'ContentBot-3000', skills });

it.each<[string, unknown, string[]]>([
  ['the ids', [{ id: 'blog-writing' }, { id: 'content' }], ['blog-writing', 'content']],
  ['the tags', [{ id: 's1', tags: ['content', 'video'] }], ['s1', 'content', 'video']],
  [
    'as tags are written',
    [{ id: ' Video_Editing ', tags: ['Data Analysis'] }],
    ['video-editing', 'data-analysis'],
  ],
  ['each once', [{ id: 'content', tags: ['content', 'Content'] }], ['content']],
  ['none of what is no tag', [{ id: 'ж', tags: ['', 'a'.repeat(41), 7, null, {}, ['x']] }, null, 'x', 7], []],
  ['none where a card has none', [], []],
])('of a card are kept %s', (_, skills, tags) => {
  expect(skillTagsIn(card(skills))).toEqual(tags);
});

it('No card fills the table', () => {
  const many = Array.from({ length: 5_000 }, (_, index) => ({ id: `skill-${index}` }));
  expect(skillTagsIn(card(many))).toHaveLength(50);
});

it.each([
  '',
  '<html>',
  'null',
  '[]',
  '"skills"',
  '{}',
  card({ id: 'content' }),
  card('content'),
  card([]).slice(0, -1),
])('%j is no card', (text) => expect(skillTagsIn(text)).toBeUndefined());
