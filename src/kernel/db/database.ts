import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { Settings } from '../../config/settings.js';

/** Reads outside a transaction, straight on the pool: TypeORM would add a third to the cost of a short query. */
@Injectable()
export class Database implements OnApplicationShutdown {
  readonly pool: pg.Pool;
  private readonly replica: pg.Pool | undefined;

  constructor(@InjectDataSource() dataSource: DataSource, settings: Settings) {
    this.pool = (dataSource.driver as PostgresDriver).master as pg.Pool;
    // A connection that dies while idle is replaced at its next use; unheard, its error would end the process.
    this.pool.on('error', unheard);
    // Nor may the error of one that is lent out: whoever waits for its answer hears of the loss.
    this.pool.on('acquire', (client) => {
      if (!client.listeners('error').includes(unheard)) client.on('error', unheard);
    });
    const readUrl = settings.env.DATABASE_READ_URL;
    this.replica = readUrl ? new pg.Pool({ connectionString: readUrl, max: 10 }) : undefined;
    this.replica?.on('error', () => {});
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
  async queryLagging<Row>(sql: string, params: readonly unknown[] = []): Promise<Row[]> {
    const result = await (this.replica ?? this.pool).query(sql, params as unknown[]);
    return result.rows as Row[];
  }

  /** Both: what many ask for, and may lag. */
  async preparedLagging<Row>(name: string, sql: string, params: readonly unknown[]): Promise<Row[]> {
    const result = await (this.replica ?? this.pool).query({ name, text: sql, values: params as unknown[] });
    return result.rows as Row[];
  }

  async onApplicationShutdown(): Promise<void> {
    await this.replica?.end();
  }
}

function unheard(): void {}
