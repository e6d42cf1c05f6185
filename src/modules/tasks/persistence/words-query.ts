import { wordsOf } from '../domain/search-words.js';

/**
 * What somebody looks for as a tsquery: as web searches read it, with the last word as the beginning of one if so wanted. Words
 * reach PostgreSQL as parameters alone, and the prefix holds nothing but letters and digits.
 */
export function wordsQuery(q: string, bind: (value: unknown) => string, isPrefix = false): string {
  const { whole, alternatives, beside, prefix } = wordsOf(q);
  if (prefix === undefined || !isPrefix) return websearch(bind(whole));
  const last = `to_tsquery('english', ${bind(`${prefix}:*`)})`;
  const withLast = beside === '' ? last : `(${websearch(bind(beside))} && ${last})`;
  return alternatives === '' ? withLast : `(${websearch(bind(alternatives))} || ${withLast})`;
}

const websearch = (text: string): string => `websearch_to_tsquery('english', ${text})`;
