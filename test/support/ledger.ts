import { Pool, type PoolClient } from 'pg';
import type { Database } from '../../src/kernel/db/database.js';
import type { Tx } from '../../src/kernel/db/tx.js';
import type { UnitOfWork } from '../../src/kernel/db/unit-of-work.js';
import { aDatabase, queryAs, type TestDatabase } from './database.js';

/** A database of its own without the application around it, for tests of what SQL does. */
export class LedgerDatabase {
  private constructor(
    private readonly database: TestDatabase,
    readonly pool: Pool,
  ) {}

  static async create(): Promise<LedgerDatabase> {
    const database = await aDatabase();
    const pool = new Pool({ connectionString: database.url, max: 24 });
    // The last connections may still be saying goodbye when the database is dropped under them.
    pool.on('error', () => undefined);
    return new LedgerDatabase(database, pool);
  }

  async drop(): Promise<void> {
    await this.pool.end();
    await this.database.drop();
  }

  async query<Row>(sql: string, params: readonly unknown[] = []): Promise<Row[]> {
    return (await this.pool.query(sql, [...params])).rows as Row[];
  }

  /** What the application's role may not do. */
  asOwner = (sql: string, params: unknown[] = []) => queryAs(this.database.ownerUrl, sql, params);
  asSuperuserWithoutTriggers(sql: string, params: unknown[] = []) {
    const url = new URL(this.database.superuserUrl);
    url.searchParams.set('options', '-c session_replication_role=replica');
    return queryAs(url.href, sql, params);
  }

  /** One transaction, started over after a deadlock or a changed debt, as the unit of work does. */
  async run<T>(deed: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const client = await this.pool.connect();
      try {
        await client.query('BEGIN');
        const result = await deed(asTx(client));
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK');
        if (attempt === 8 || !isRetryable(error)) throw error;
      } finally {
        client.release();
      }
    }
  }

  /** Where a store wants the kernel's own: it asks only for `query` and `run`. */
  prepared = <Row>(_: string, sql: string, params: readonly unknown[]): Promise<Row[]> =>
    this.query<Row>(sql, params);

  asDatabase = (): Database => this as unknown as Database;
  asUnitOfWork = (): UnitOfWork => this as unknown as UnitOfWork;
}

const asTx = (client: PoolClient): Tx =>
  ({
    query: async (sql: string, params: readonly unknown[] = []) =>
      (await client.query(sql, [...params])).rows,
    prepared: async (name: string, text: string, params: readonly unknown[]) =>
      (await client.query({ name, text, values: [...params] })).rows,
    afterCommit: () => undefined,
  }) as unknown as Tx;

const isRetryable = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '40001' || error.code === '40P01');
