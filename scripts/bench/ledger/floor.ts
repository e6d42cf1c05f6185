import { execFileSync } from 'node:child_process';
import type pg from 'pg';

export const FLOOR_CLIENTS = 16;

/** What the floor runs on: the same server, durable, in a schema of its own. */
export interface Floor {
  readonly url: string;
  readonly agents: number;
  /** Where the script for pgbench is written. */
  readonly folder: string;
}

/** Tables of the same shape, indexes and constraints as the product's, without its triggers and partitions. */
export async function layFloor(superuser: pg.Client, agents: number): Promise<void> {
  await superuser.query(`
    DROP SCHEMA IF EXISTS floor CASCADE;
    CREATE SCHEMA floor;
    CREATE SEQUENCE floor.ledger_id_seq INCREMENT BY 2 START 2;
    ${['accounts', 'movements', 'transactions', 'idempotency_keys', 'outbox']
      .map((table) => `CREATE TABLE floor.${table} (LIKE public.${table} INCLUDING ALL);`)
      .join('\n')}
    INSERT INTO floor.accounts (id, currency, balance, opened_at)
      SELECT 'agt_' || lpad(n::text, 8, '0'), 'points', 1000000, now() FROM generate_series(1, ${agents}) n;
    ANALYZE floor.accounts;`);
}

export function hasPgbench(): boolean {
  try {
    execFileSync('pgbench', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
