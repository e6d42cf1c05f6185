import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { Settings } from '../../config/settings.js';
import { SESSION } from '../../database/session.js';
import { isStatementTimeout } from './database-errors.js';

/** So long a replica that failed is left alone; asked each time, one that is silent would hold up every list. */
const REPLICA_PAUSE_MS = 5_000;

/** Reads outside a transaction, straight on the pool: TypeORM would add a third to the cost of a short query. */
@Injectable()
export class Database implements OnModuleInit, OnApplicationShutdown {
  readonly pool: pg.Pool;
  readonly replica: pg.Pool | undefined;
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
    this.replica = readUrl ? new pg.Pool({ ...SESSION, connectionString: readUrl, max: 10 }) : undefined;
    this.replica?.on('error', unheard);
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
    return this.lagging({ text: sql, values: params as unknown[] });
  }

  /** Both: what many ask for, and may lag. */
  preparedLagging<Row>(name: string, sql: string, params: readonly unknown[]): Promise<Row[]> {
    return this.lagging({ name, text: sql, values: params as unknown[] });
  }

  /** Told at the start, because nobody would notice: the primary answers what a replica does not. */
  async onModuleInit(): Promise<void> {
    if (this.replica) await this.queryLagging('SELECT 1');
  }

  private async lagging<Row>(query: pg.QueryConfig): Promise<Row[]> {
    if (this.replica && performance.now() >= this.replicaAwayUntilMs) {
      try {
        const { rows } = await this.replica.query(query);
        this.replicaToldAway = false;
        return rows as Row[];
      } catch (error) {
        // What is too much for the replica is too much for the primary.
        if (isStatementTimeout(error)) throw error;
        this.leaveReplicaAlone(error);
      }
    }
    return (await this.pool.query(query)).rows as Row[];
  }

  /** It is asked again every few seconds; only the change is news. */
  private leaveReplicaAlone(error: unknown): void {
    if (!this.replicaToldAway)
      this.logger.warn({ msg: 'read replica is away, the primary is asked', error: String(error) });
    this.replicaToldAway = true;
    this.replicaAwayUntilMs = performance.now() + REPLICA_PAUSE_MS;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.replica?.end();
  }
}

function unheard(): void {}
