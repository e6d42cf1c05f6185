import { buildMessage, ValidateBy } from 'class-validator';

const TERM = /-?"[^"]*"?|\S+/g;
const HAS_A_WORD = /[\p{L}\p{N}]/u;

/**
 * Whether a search, or one of its alternatives, names nothing to find and only words to leave out. That matches nearly
 * everything and no index helps, so it is refused. Read as PostgreSQL's `websearch_to_tsquery` does: words, "quoted ones",
 * `or`, and a minus before what is not wanted.
 */
export function onlyExcludes(q: string): boolean {
  const terms: readonly string[] = (q.match(TERM) ?? []).filter((term) => HAS_A_WORD.test(term));
  return alternativesOf(terms).some((some) => some.length > 0 && some.every(isExcluded));
}

const isExcluded = (term: string): boolean => term.startsWith('-');

function alternativesOf(terms: readonly string[]): string[][] {
  const alternatives: string[][] = [[]];
  for (const term of terms)
    if (/^or$/i.test(term)) alternatives.push([]);
    else alternatives.at(-1)!.push(term);
  return alternatives;
}

/** Refuses a search that only says what is not to be found. */
export const NamesAWord = () =>
  ValidateBy({
    name: 'namesAWord',
    validator: {
      validate: (value: unknown) => typeof value !== 'string' || !onlyExcludes(value),
      defaultMessage: buildMessage(
        () => 'q must name a word to find, on either side of OR: words after a minus are only left out.',
      ),
    },
  });
