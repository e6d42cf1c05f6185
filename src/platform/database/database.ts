import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { Settings } from '#config/settings';
import { Overloaded } from '#kernel/errors/kernel.errors';
import { isStatementTimeout, isWaitTooLong } from './database-errors.js';
import { SESSION } from './session.js';

/** So long a replica that failed is left alone; asked each time, one that is silent would hold up every list. */
const REPLICA_PAUSE_MS = 5_000;

/** Who waits for a connection longer than a search may take is told to come back. */
const SEARCHES = {
  max: 4,
  statement_timeout: 2_000,
  connectionTimeoutMillis: 2_000,
  // Starting workers takes longer than any search that a page needs.
  options: '-c max_parallel_workers_per_gather=0',
} as const;

/** Reads outside a transaction, straight on the pool: TypeORM would add a third to the cost of a short query. */
@Injectable()
export class Database implements OnModuleInit, OnApplicationShutdown {
  readonly pool: pg.Pool;
  readonly replica: pg.Pool | undefined;
  readonly searches: Pools;
  private readonly lists: Pools;
  private replicaAwayUntilMs = 0;
  private replicaToldAway = false;
  private readonly logger = new Logger('Database');

  constructor(@InjectDataSource() dataSource: DataSource, settings: Settings) {
    this.pool = (dataSource.driver as PostgresDriver).master as pg.Pool;
    // A connection that dies while idle is replaced at its next use; unheard, its error would end the process.
    this.pool.on('error', unheard);
    // Nor may the error of one that is lent out: whoever waits for its answer hears of the loss.
    this.pool.on('acquire', (client) => {
      if (!client.listeners('error').includes(unheard)) client.on('error', unheard);
    });
    const readUrl = settings.env.DATABASE_READ_URL;
    this.replica = readUrl ? poolOf(readUrl, { max: 10 }) : undefined;
    this.lists = { primary: this.pool, replica: this.replica };
    this.searches = {
      primary: poolOf(settings.databaseUrl, SEARCHES),
      replica: readUrl ? poolOf(readUrl, SEARCHES) : undefined,
    };
  }

  async query<Row>(sql: string, params: readonly unknown[] = []): Promise<Row[]> {
    const result = await this.pool.query(sql, params as unknown[]);
    return result.rows as Row[];
  }

  /** For the hottest reads: parsed and planned once per connection, which is half of what a short query costs. */
  async prepared<Row>(name: string, sql: string, params: readonly unknown[]): Promise<Row[]> {
    const result = await this.pool.query({ name, text: sql, values: params as unknown[] });
    return result.rows as Row[];
  }

  /** For public lists and searches, which may lag a moment behind: a read replica where one is configured. */
  queryLagging<Row>(sql: string, params: readonly unknown[] = []): Promise<Row[]> {
    return this.lagging(this.lists, { text: sql, values: params as unknown[] });
  }

  /**
   * For what anybody may ask and nobody can price beforehand: it may lag, too. Such statements have a few connections of
   * their own and two seconds each, so that no search, however dear, takes the database away from everything else.
   */
  async search<Row>(sql: string, params: readonly unknown[] = []): Promise<Row[]> {
    try {
      return await this.lagging<Row>(this.searches, { text: sql, values: params as unknown[] });
    } catch (error) {
      const { primary, replica } = this.searches;
      const isOurs = isTooMuch(error, primary) || (replica !== undefined && isTooMuch(error, replica));
      throw isOurs ? new Overloaded(undefined, { cause: error }) : error;
    }
  }

  /** Both: what many ask for, and may lag. */
  preparedLagging<Row>(name: string, sql: string, params: readonly unknown[]): Promise<Row[]> {
    return this.lagging(this.lists, { name, text: sql, values: params as unknown[] });
  }

  /** Told at the start, because nobody would notice: the primary answers what a replica does not. */
  async onModuleInit(): Promise<void> {
    if (this.replica) await this.queryLagging('SELECT 1');
  }

  private async lagging<Row>({ primary, replica }: Pools, query: pg.QueryConfig): Promise<Row[]> {
    if (replica && performance.now() >= this.replicaAwayUntilMs) {
      try {
        const { rows } = await replica.query(query);
        this.replicaToldAway = false;
        return rows as Row[];
      } catch (error) {
        // What is too much for the replica is too much for the primary.
        if (isTooMuch(error, replica)) throw error;
        this.leaveReplicaAlone(error);
      }
    }
    return (await primary.query(query)).rows as Row[];
  }

  /** It is asked again every few seconds; only the change is news. */
  private leaveReplicaAlone(error: unknown): void {
    if (!this.replicaToldAway)
      this.logger.warn({ msg: 'read replica is away, the primary is asked', error: String(error) });
    this.replicaToldAway = true;
    this.replicaAwayUntilMs = performance.now() + REPLICA_PAUSE_MS;
  }

  async onApplicationShutdown(): Promise<void> {
    const { primary, replica } = this.searches;
    await Promise.all([this.replica?.end(), primary.end(), replica?.end()]);
  }
}

/** A replica answers for its primary while it is there. */
export interface Pools {
  readonly primary: pg.Pool;
  readonly replica: pg.Pool | undefined;
}

function poolOf(connectionString: string, config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ ...SESSION, connectionString, ...config });
  pool.on('error', unheard);
  return pool;
}

/** The statement took its whole time, or every connection was in use for longer than anybody waits for one. */
const isTooMuch = (error: unknown, pool: pg.Pool): boolean =>
  isStatementTimeout(error) || (isWaitTooLong(error) && pool.totalCount >= pool.options.max);

function unheard(): void {}
