import { onlyExcludes } from './search-words.js';

it.each([
  'agent',
  'agent -writer',
  '-writer agent',
  'blog-post',
  '"blog post" -draft',
  '-"blog post" writer',
  'agent or writer',
  'the',
  '🦞',
  '&|!()',
  '-',
  '- "',
  'agent or',
])('%j names something to find, or nothing at all', (q) => expect(onlyExcludes(q)).toBe(false));

it.each([
  '-agent',
  '-agent -writer',
  '-"blog post"',
  '-"blog post',
  'agent or -writer',
  '-agent OR writer',
  '-- -agent',
])('%j would find nearly everything', (q) => expect(onlyExcludes(q)).toBe(true));
