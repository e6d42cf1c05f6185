import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient, QueryConfig, QueryResult } from 'pg';
import { LostARace } from '#kernel/errors/kernel.errors';
import type { Tx } from '#kernel/tx';
import { begin } from './begin.js';
import { isKeyTaken, isRaceLost } from './database-errors.js';
import { Database } from './database.js';

const ATTEMPTS_MAX = 4;
const PAUSE_MS = 20;
const logger = new Logger('UnitOfWork');

/** Opens a transaction, runs the work in it and commits: all of it happens, or nothing. */
@Injectable()
export class UnitOfWork {
  constructor(private readonly database: Database) {}

  /** The work may run more than once: after a deadlock, a serialization failure or an id that is taken it starts over. */
  async run<T>(work: (tx: Tx) => T | Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(work);
      } catch (error) {
        if (!isRaceLost(error) && !isKeyTaken(error)) throw error;
        if (attempt === ATTEMPTS_MAX)
          throw isKeyTaken(error) ? error : new LostARace(undefined, { cause: error });
        // Those who met would meet again if they started over at once.
        await sleep(Math.random() * PAUSE_MS * attempt);
      }
    }
  }

  private async attempt<T>(work: (tx: Tx) => T | Promise<T>): Promise<T> {
    const client = await this.database.pool.connect();
    const tx = new OpenTransaction(client);
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
      throw tx.failure ?? error;
    }
  }
}

/**
 * Begins with its first statement: who asks nothing after all, as somebody who finds the answer kept, begins nothing.
 * What nobody waits for goes out with what somebody does, or with the COMMIT: PostgreSQL does one after the other, and
 * nothing more once one has failed.
 */
class OpenTransaction {
  private readonly wakes: (() => void)[] = [];
  private readonly written: Promise<void>[] = [];
  private beginning: Promise<QueryResult> | undefined;
  private isHeldBack = false;
  /** Of the first write that failed. Whatever fails after it does so because of it. */
  failure: unknown;

  constructor(private readonly client: PoolClient) {}

  async query<Row>(sql: string, params: readonly unknown[] = []): Promise<Row[]> {
    return (await this.send({ text: sql, values: params as unknown[] })).rows as Row[];
  }

  async prepared<Row>(name: string, sql: string, params: readonly unknown[]): Promise<Row[]> {
    return (await this.send({ name, text: sql, values: params as unknown[] })).rows as Row[];
  }

  write(
    name: string,
    sql: string,
    params: readonly unknown[],
    explain = (error: unknown): unknown => error,
  ): void {
    const done = this.send({ name, text: sql, values: params as unknown[] }, { isWaitedFor: false });
    this.written.push(
      done.then(
        () => {},
        (error: unknown) => void (this.failure ??= explain(error)),
      ),
    );
  }

  afterCommit(wake: () => void): void {
    this.wakes.push(wake);
  }

  /**
   * By hand, because PostgreSQL answers the COMMIT of a transaction in which a statement has failed with a friendly
   * ROLLBACK, and TypeORM does not say which of them it was.
   */
  async commit(): Promise<void> {
    if (!this.beginning) return;
    const [{ command }] = await Promise.all([this.send({ text: 'COMMIT' }), ...this.written]);
    if (command !== 'COMMIT')
      throw new Error('It was rolled back: somebody swallowed the error of a statement.');
  }

  async rollback(): Promise<true> {
    if (!this.beginning) return true;
    await this.beginning.catch(() => {});
    await this.put({ text: 'ROLLBACK' }, true);
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

  /** Nothing goes out behind a BEGIN before that is answered: had it failed, all else would be done outside of it. */
  private send(statement: QueryConfig, { isWaitedFor } = { isWaitedFor: true }): Promise<QueryResult> {
    if (this.beginning) return this.beginning.then(() => this.put(statement, isWaitedFor));
    this.beginning = begin(this.client, statement);
    return this.beginning;
  }

  private put(statement: QueryConfig, isWaitedFor: boolean): Promise<QueryResult> {
    const { stream } = (this.client as unknown as Wired).connection;
    if (!this.isHeldBack) stream.cork();
    this.isHeldBack = true;
    if (isWaitedFor) queueMicrotask(() => this.letGo(stream));
    return this.client.query(statement);
  }

  private letGo(stream: Wired['connection']['stream']): void {
    if (this.isHeldBack) stream.uncork();
    this.isHeldBack = false;
  }
}

/** What the types of `pg` do not tell of a client. */
interface Wired {
  connection: { stream: { cork(): void; uncork(): void } };
}
