import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { HealthCheck, type HealthPart } from './health.registry.js';

@HealthCheck('database', { ready: true, timeoutMs: 1_000 })
@Injectable()
export class DatabaseHealth implements HealthPart {
  constructor(private readonly database: DataSource) {}

  async check(): Promise<void> {
    await this.database.query('select 1');
  }
}

/** The migrations that this program was written for. */
export class ExpectedMigrations {
  constructor(readonly names: readonly string[]) {}
}

/** Whether the schema is the one that this program was written for, or a later one. */
@HealthCheck('migrations', { ready: true, timeoutMs: 1_000 })
@Injectable()
export class MigrationsHealth implements HealthPart {
  private done = false;

  constructor(
    private readonly database: DataSource,
    private readonly expected: ExpectedMigrations,
  ) {}

  /** Migrations are never taken back, so once they are done nothing needs to be asked again. */
  async check(): Promise<void> {
    if (this.done) return;
    const missing = await this.missing();
    if (missing.length > 0) throw new Error(`Migrations not applied: ${missing.join(', ')}`);
    this.done = true;
  }

  private async missing(): Promise<string[]> {
    const rows = await this.database.query<{ name: string }[]>('SELECT name FROM schema_files');
    const applied = new Set(rows.map(({ name }) => name));
    return this.expected.names.filter((name) => !applied.has(name));
  }
}
