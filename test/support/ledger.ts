import { Pool } from 'pg';
import type { Tx } from '#kernel/tx';
import { SESSION, type Database, UnitOfWork } from '#platform/database';
import { aDatabase, queryAs, type TestDatabase } from './database.js';

/** A database of its own without the application around it, for tests of what SQL does. */
export class LedgerDatabase {
  /** No store of the ledger asks TypeORM. */
  private readonly work = new UnitOfWork(this.asDatabase());

  private constructor(
    private readonly database: TestDatabase,
    readonly pool: Pool,
  ) {}

  static async create(): Promise<LedgerDatabase> {
    const database = await aDatabase();
    const pool = new Pool({ ...SESSION, connectionString: database.url, max: 24 });
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

  run = <T>(deed: (tx: Tx) => T | Promise<T>): Promise<T> => this.work.run(deed);

  /** Where a store wants the kernel's own: it asks only for `query` and the pool. */
  prepared = <Row>(_: string, sql: string, params: readonly unknown[]): Promise<Row[]> =>
    this.query<Row>(sql, params);

  asDatabase(): Database {
    return this as unknown as Database;
  }
  asUnitOfWork = (): UnitOfWork => this.work;
}
