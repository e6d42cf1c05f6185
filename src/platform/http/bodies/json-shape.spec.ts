import { brokenBound, DEPTH_MAX, OBJECTS_MAX, VALUES_MAX } from './json-shape.js';

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const listOf = (values: number): string => `[${Array.from({ length: values }, () => '1').join(',')}]`;

describe('The bounds of a JSON text', () => {
  it.each([
    ['as deep as allowed', nested(DEPTH_MAX), undefined],
    ['one level deeper', nested(DEPTH_MAX + 1), 'depth'],
    ['never closed', '['.repeat(1_000_000), 'depth'],
    ['with brackets in its texts alone', `{"a":"${'['.repeat(1_000)}"}`, undefined],
    ['with quotes in its texts', String.raw`{"a":"\"${'['.repeat(1_000)}"}`, undefined],
    ['with a backslash at the end of a text', String.raw`{"a":"\\","b":${nested(DEPTH_MAX)}}`, 'depth'],
    ['with as many objects as allowed', `[${'{},'.repeat(OBJECTS_MAX - 2)}{}]`, undefined],
    ['with one object more', `[${'{},'.repeat(OBJECTS_MAX - 1)}{}]`, 'objects'],
    ['with many empty lists', `{"a":${'[[],[]],'.repeat(OBJECTS_MAX)}[]}`, 'objects'],
    ['with as many values as allowed', listOf(VALUES_MAX - 1), undefined],
    ['with one value more', listOf(VALUES_MAX), 'values'],
    ['with the same member again and again', `{${'"a":1,'.repeat(VALUES_MAX)}"a":1}`, 'values'],
    ['with commas in its texts alone', `["${','.repeat(10_000)}"]`, undefined],
    ['that is empty', '', undefined],
  ])('are kept or broken by one %s', (_, text, bound) => {
    expect(brokenBound(Buffer.from(text))).toBe(bound);
  });
});
