import { isDeeper } from './json-depth.js';

describe('isDeeper', () => {
  it.each([
    ['[]', 1, false],
    ['[[]]', 1, true],
    ['[[],[],[]]', 2, false],
    ['{"a":[{"b":1}]}', 2, true],
    ['{"a":"[[[["}', 1, false],
    [String.raw`{"a":"\"[[[["}`, 1, false],
    [String.raw`{"a":"\\","b":[[]]}`, 2, true],
    ['['.repeat(1_000_000), 1_000, true],
    ['', 0, false],
  ])('%.30s at %i is %s', (text, depthMax, deeper) => {
    expect(isDeeper(Buffer.from(text), depthMax)).toBe(deeper);
  });
});
