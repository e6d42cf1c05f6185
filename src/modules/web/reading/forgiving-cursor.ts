import { InvalidFields } from '#kernel/errors/kernel.errors';

/** A page of a list, for people, and what it answers: a cursor of another list, or of none, is the beginning. */
export async function forgivingCursor<Query extends { cursor?: string }, Page>(
  query: Query,
  read: (query: Query) => Promise<Page>,
): Promise<{ query: Query; page: Page }> {
  try {
    return { query, page: await read(query) };
  } catch (error) {
    if (query.cursor === undefined || !(error instanceof InvalidFields)) throw error;
    const { cursor: _, ...rest } = query;
    return { query: rest as Query, page: await read(rest as Query) };
  }
}
