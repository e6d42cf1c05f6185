declare const open: unique symbol;

/**
 * An open transaction. Whoever takes one joins it; whoever takes none reads, or commits by itself. Only the
 * unit of work makes them, so forgetting to pass one on is a type error.
 */
export interface Tx {
  readonly [open]: true;
  query<Row>(sql: string, params?: readonly unknown[]): Promise<Row[]>;
  /** For the hottest statements: parsed and planned once per connection. */
  prepared<Row>(name: string, sql: string, params: readonly unknown[]): Promise<Row[]>;
  /**
   * For what nobody waits for: it goes out with the next question or with the commit, which then fails as this did.
   * `explain` says what its error means.
   */
  write(name: string, sql: string, params: readonly unknown[], explain?: (error: unknown) => unknown): void;
  /** Runs once the transaction is durable, never when it is rolled back; for wake-ups, not for deeds. */
  afterCommit(wake: () => void): void;
}
