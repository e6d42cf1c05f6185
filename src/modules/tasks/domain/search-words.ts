/** A search, taken apart at its last word. */
export interface SearchWords {
  whole: string;
  /** Everything before the last OR: each of it is enough. */
  alternatives: string;
  /** What stands beside the last word, behind that OR. */
  beside: string;
  /** The last word, when it may be the beginning of one. */
  prefix: string | undefined;
}

/** Shorter ones begin so many words that a search would read most of the index. */
const PREFIX_LENGTH_MIN = 3;

/**
 * The last word is also looked for as the beginning of one: somebody may still be writing it. Not when it is quoted,
 * excluded, an OR, or joined of several.
 */
export function wordsOf(q: string): SearchWords {
  const whole = q.trim();
  const tokens = whole.match(/-?"[^"]*"?|[^\s"]+/g) ?? [];
  const last = tokens.at(-1) ?? '';
  if (!isBeginning(last)) return { whole, alternatives: '', beside: '', prefix: undefined };
  const before = tokens.slice(0, -1);
  const or = before.findLastIndex((token) => /^or$/i.test(token));
  return {
    whole,
    alternatives: before.slice(0, Math.max(or, 0)).join(' '),
    beside: before.slice(or + 1).join(' '),
    prefix: last,
  };
}

export const hasPrefix = (q: string): boolean => wordsOf(q).prefix !== undefined;

const isBeginning = (token: string): boolean =>
  /^[\p{L}\p{N}]+$/u.test(token) && [...token].length >= PREFIX_LENGTH_MIN;
