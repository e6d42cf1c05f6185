import type { MarkedOperation } from './operations.js';

/** As much as fits a line of Swagger UI beside the path. */
const SUMMARY_LENGTH_MAX = 100;

/**
 * The compiler plug-in makes the whole comment of a handler its summary. Its first paragraph is the summary, which is
 * shown as it is, so without backticks and on one line; the rest is the description, which is Markdown.
 */
export function partSummary(operation: MarkedOperation): void {
  const [first = '', ...rest] = (operation.summary ?? '').trim().split(/\n\s*\n/);
  operation.summary = first.replaceAll('`', '').replace(/\s+/g, ' ');
  const description = [...rest, operation.description ?? ''].map((text) => text.trim()).filter(Boolean);
  if (description.length > 0) operation.description = description.join('\n\n');
  else delete operation.description;
}

/** What is wrong with the summary of an operation, with what to do about it. */
export function summaryGaps({
  summary,
  description,
}: Pick<MarkedOperation, 'summary' | 'description'>): string[] {
  if (!summary) return ['has no summary; write a comment above the handler'];
  return [
    ...(summary.length > SUMMARY_LENGTH_MAX
      ? [
          `has a summary of ${summary.length} characters; put what is beyond ${SUMMARY_LENGTH_MAX} behind a blank line`,
        ]
      : []),
    ...(/[\n`]/.test(summary) ? ['has several lines or backticks in its summary'] : []),
    ...(description === '' ? ['has an empty description'] : []),
  ];
}
