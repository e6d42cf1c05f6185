import { Gather } from '../../../kernel/db/gather.js';

export interface Query {
  sql: string;
  params: readonly unknown[];
  /** Under which it is planned once per connection. */
  name?: string;
}

/**
 * Everybody reads the same few pages of a board: those who ask the same at the same time share a query. It is one that
 * has not been sent, so that whoever has just committed sees it.
 */
export class SharedQueries<Row> {
  private readonly pages: Gather<Row[]>;

  constructor(ask: (query: Query) => Promise<Row[]>) {
    this.pages = new Gather<Row[]>(
      async (keys) =>
        new Map(
          await Promise.all(keys.map(async (key) => [key, await ask(JSON.parse(key) as Query)] as const)),
        ),
      LANES,
    );
  }

  async get(query: Query): Promise<Row[]> {
    return (await this.pages.get(JSON.stringify(query)))!;
  }
}

/** What is asked in one lane waits for the slowest query in it. */
const LANES = 4;
