import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { PoolClient } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import { LostARace } from '../errors/kernel.errors.js';
import { isRaceLost } from './database-errors.js';
import type { Tx } from './tx.js';

const ATTEMPTS_MAX = 4;
const logger = new Logger('UnitOfWork');

/** Opens a transaction, runs the work in it and commits: all of it happens, or nothing. */
@Injectable()
export class UnitOfWork {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** The work may run more than once: after a deadlock or a serialization failure it starts over. */
  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(work);
      } catch (error) {
        if (!isRaceLost(error)) throw error;
        if (attempt === ATTEMPTS_MAX) throw new LostARace(undefined, { cause: error });
      }
    }
  }

  private async attempt<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as PoolClient;
      const tx = new OpenTransaction(runner, client);
      await runner.startTransaction();
      try {
        const result = await work(tx as unknown as Tx);
        await commit(client);
        tx.committed();
        return result;
      } catch (error) {
        // The first error is the news; that a dead connection cannot roll back is not.
        await runner.rollbackTransaction().catch(() => {});
        throw error;
      }
    } finally {
      await runner.release();
    }
  }
}

/**
 * By hand, because PostgreSQL answers the COMMIT of a transaction in which a statement has failed with a friendly
 * ROLLBACK, and TypeORM does not say which of them it was.
 */
async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT')
    throw new Error('It was rolled back: somebody swallowed the error of a statement.');
}

class OpenTransaction {
  private readonly wakes: (() => void)[] = [];

  constructor(
    private readonly runner: QueryRunner,
    private readonly client: PoolClient,
  ) {}

  get manager() {
    return this.runner.manager;
  }

  async query<Row>(sql: string, params: readonly unknown[] = []): Promise<Row[]> {
    const result = await this.client.query(sql, params as unknown[]);
    return result.rows as Row[];
  }

  async prepared<Row>(name: string, sql: string, params: readonly unknown[]): Promise<Row[]> {
    const result = await this.client.query({ name, text: sql, values: params as unknown[] });
    return result.rows as Row[];
  }

  afterCommit(wake: () => void): void {
    this.wakes.push(wake);
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
}
