import pg from 'pg';

/**
 * Opens a transaction with its first statement: BEGIN goes before it in the same message, so that it costs no way there
 * and back. When the BEGIN fails, PostgreSQL skips the statement too, as it skips whatever comes after an error up to the
 * end of a message; nothing is ever done outside of the transaction.
 */
export const begin = (client: pg.PoolClient, statement: pg.QueryConfig): Promise<pg.QueryResult> =>
  new Promise<pg.QueryResult>((resolve, reject) => {
    const done: Done = (error, result) => (error ? reject(error) : resolve(result));
    client.query(
      new OpeningQuery({ ...statement, queryMode: 'extended' }, done) as unknown as pg.Submittable,
    );
  }).catch((error: Error) => {
    // As `pg` does it: who reads the stack wants to know who asked, not which socket answered.
    Error.captureStackTrace(error);
    throw error;
  });

type Done = (error: Error | null, result: pg.QueryResult) => void;

/** What the types of `pg` do not tell of a connection and of a query. */
interface Wire {
  stream: { cork(): void; uncork(): void };
  submittedNamedStatements: Record<string, string>;
  parse(statement: { name: string; text: string; types: unknown }): void;
  bind(portal: object): void;
  execute(portal: object): void;
}
interface WiredQuery {
  name: string | undefined;
  text: string;
  types: unknown;
  hasBeenParsed(connection: Wire): boolean;
  submit(connection: Wire): Error | null;
  handleCommandComplete(message: unknown, connection: Wire): void;
}
const Query = pg.Query as unknown as new (statement: object, done: Done) => WiredQuery;

class OpeningQuery extends Query {
  private hasBegun = false;

  override submit(connection: Wire): Error | null {
    connection.stream.cork();
    try {
      // First, because `pg` would take the BEGIN's "parsed" for this one's, also where its parsing fails.
      this.parseNamed(connection);
      connection.parse({ name: '', text: 'BEGIN', types: [] });
      connection.bind({});
      connection.execute({});
      return super.submit(connection);
    } finally {
      connection.stream.uncork();
    }
  }

  /** The first is the BEGIN's. */
  override handleCommandComplete(message: unknown, connection: Wire): void {
    if (this.hasBegun) super.handleCommandComplete(message, connection);
    this.hasBegun = true;
  }

  private parseNamed(connection: Wire): void {
    const { name, text, types } = this;
    if (!name || this.hasBeenParsed(connection)) return;
    connection.parse({ name, text, types });
    connection.submittedNamedStatements[name] = text;
  }
}
