/**
 * The condition that a vector of words fits a query. One without a word to look for, such as `!'agent'`, fits nothing: it
 * would read the whole table. PostgreSQL evaluates the second half while it plans, so it costs no row.
 */
export const fitsQuery = (words: string, query: string): string =>
  `${words} @@ ${query} AND querytree(${query}) NOT IN ('', 'T')`;
