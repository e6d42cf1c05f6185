import { differing, isEmpty } from './differing.js';

const NOON = '2026-03-12T12:00:00.000Z';
const before = { name: 'Ann', tags: ['a', 'b'], at: new Date(NOON), url: null as string | null };

describe('differing', () => {
  it.each([
    [{}, {}],
    [{ name: undefined }, {}],
    [{ name: 'Ann', tags: ['a', 'b'], at: new Date(NOON), url: null }, {}],
    [{ name: 'Bob', tags: ['a', 'b'] }, { name: 'Bob' }],
    [{ tags: ['b', 'a'] }, { tags: ['b', 'a'] }],
    [{ at: new Date(0) }, { at: new Date(0) }],
    [{ url: 'https://a.example' }, { url: 'https://a.example' }],
  ])('keeps of %j only %j', (changes, expected) => {
    expect(differing(before, changes)).toEqual(expected);
    expect(isEmpty(differing(before, changes))).toBe(Object.keys(expected).length === 0);
  });
});
