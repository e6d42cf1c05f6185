import { isDeepStrictEqual } from 'node:util';

/** Those of the changes that say something else than what is there; dates and lists are compared by value, undefined says nothing. */
export const differing = <T extends object>(before: T, changes: Partial<T>): Partial<T> =>
  Object.fromEntries(
    Object.entries(changes).filter(
      ([name, value]) => value !== undefined && !isDeepStrictEqual(value, before[name as keyof T]),
    ),
  ) as Partial<T>;

export const isEmpty = (changes: object): boolean => Object.keys(changes).length === 0;
