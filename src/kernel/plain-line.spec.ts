import { plainLine } from './plain-line.js';

it('A line is plain: marks of direction are gone, and whatever is blank is one space', () => {
  expect(plainLine('a\u202eb\n\tc\u2069 ')).toBe('ab c');
});
