import type { MarkedOperation } from './operations.js';
import { partSummary, summaryGaps } from './summaries.js';

const parted = (summary?: string, description?: string): MarkedOperation => {
  const operation = { summary, description, responses: {} } as MarkedOperation;
  partSummary(operation);
  return operation;
};

describe('The comment of a handler', () => {
  it('is a summary of one line, and a description', () => {
    expect(parted('Post\na `task`\n\nIts price moves\nto `escrow`.\n\nAt once.')).toMatchObject({
      summary: 'Post a task',
      description: 'Its price moves\nto `escrow`.\n\nAt once.',
    });
  });

  it('of one paragraph has no description, and goes before one that is there', () => {
    expect(parted('List agents\n')).not.toHaveProperty('description');
    expect(parted('One\n\nTwo.', 'Three.').description).toBe('Two.\n\nThree.');
  });

  it.each([
    ['', 'has no summary'],
    ['x'.repeat(101), '101 characters'],
    ['two\nlines', 'several lines'],
    ['with `ticks`', 'backticks'],
  ])('is refused where the summary is %j', (summary, gap) => {
    expect(summaryGaps({ summary })).toEqual([expect.stringContaining(gap)]);
  });

  it('is taken where the summary is a line', () => {
    expect(summaryGaps({ summary: 'x'.repeat(100), description: 'Why.' })).toEqual([]);
  });
});
