import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient, QueryConfig, QueryResult } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { LostARace } from '../errors/kernel.errors.js';
import { begin } from './begin.js';
import { Database } from './database.js';
import { isRaceLost } from './database-errors.js';
import type { Tx } from './tx.js';

const ATTEMPTS_MAX = 4;
const PAUSE_MS = 20;
const logger = new Logger('UnitOfWork');

/** Opens a transaction, runs the work in it and commits: all of it happens, or nothing. */
@Injectable()
export class UnitOfWork {
  constructor(
    private readonly database: Database,
    @InjectDataSource() private readonly dataSource: DataSource,
  ) {}

  /** The work may run more than once: after a deadlock or a serialization failure it starts over. */
  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(work);
      } catch (error) {
        if (!isRaceLost(error)) throw error;
        if (attempt === ATTEMPTS_MAX) throw new LostARace(undefined, { cause: error });
        // Those who met would meet again if they started over at once.
        await sleep(Math.random() * PAUSE_MS * attempt);
      }
    }
  }

  private async attempt<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.database.pool.connect();
    const tx = new OpenTransaction(client, this.dataSource);
    try {
      const result = await work(tx as unknown as Tx);
      await tx.commit();
      client.release();
      tx.committed();
      return result;
    } catch (error) {
      // The first error is the news; that a dead connection cannot roll back is not.
      const isOver = await tx.rollback().catch(() => false);
      client.release(!isOver);
      throw error;
    }
  }
}

/** Begins with its first statement: who asks nothing after all, as somebody who finds the answer kept, begins nothing. */
class OpenTransaction {
  private readonly wakes: (() => void)[] = [];
  private hasBegun = false;

  constructor(
    private readonly client: PoolClient,
    private readonly dataSource: DataSource,
  ) {}

  /** What it asks goes the way of all statements. */
  get manager(): EntityManager {
    const runner = this.dataSource.createQueryRunner();
    const query = (text: string, values?: unknown[]) => this.send({ text, values });
    return Object.assign(runner, { databaseConnection: { query }, isTransactionActive: true }).manager;
  }

  async query<Row>(sql: string, params: readonly unknown[] = []): Promise<Row[]> {
    return (await this.send({ text: sql, values: params as unknown[] })).rows as Row[];
  }

  async prepared<Row>(name: string, sql: string, params: readonly unknown[]): Promise<Row[]> {
    return (await this.send({ name, text: sql, values: params as unknown[] })).rows as Row[];
  }

  afterCommit(wake: () => void): void {
    this.wakes.push(wake);
  }

  /**
   * By hand, because PostgreSQL answers the COMMIT of a transaction in which a statement has failed with a friendly
   * ROLLBACK, and TypeORM does not say which of them it was.
   */
  async commit(): Promise<void> {
    if (!this.hasBegun) return;
    const { command } = await this.client.query('COMMIT');
    if (command !== 'COMMIT')
      throw new Error('It was rolled back: somebody swallowed the error of a statement.');
  }

  async rollback(): Promise<true> {
    if (this.hasBegun) await this.client.query('ROLLBACK');
    return true;
  }

  /** What is done is done: that somebody could not be woken does not make it fail, and a poll stands behind. */
  committed(): void {
    for (const wake of this.wakes) {
      try {
        wake();
      } catch (error) {
        logger.error({ msg: 'a wake-up after the commit failed', error });
      }
    }
  }

  private send(statement: QueryConfig): Promise<QueryResult> {
    if (this.hasBegun) return this.client.query(statement);
    this.hasBegun = true;
    return begin(this.client, statement);
  }
}
