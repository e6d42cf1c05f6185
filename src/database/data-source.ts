import type { Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';
import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import type { Settings } from '../config/settings.js';
import { MIGRATIONS } from './migrations.js';

/** What a session of the application never needs longer than; past it, something is wrong and others wait. */
const SESSION = {
  statement_timeout: 30_000,
  lock_timeout: 10_000,
  idle_in_transaction_session_timeout: 60_000,
};

/** The application's own connections. Entities come from the modules; the schema is the migrations' alone. */
export const dataSourceOptions = (settings: Settings, added: AddedMigrations): TypeOrmModuleOptions => ({
  ...sharedOptions(settings.databaseUrl, added),
  autoLoadEntities: true,
  poolSize: 10,
  extra: { ...SESSION, keepAlive: true, connectionTimeoutMillis: 5_000, application_name: 'upmoltwork' },
  // The embedded server is up before the application starts, so waiting for it would only hide a mistake.
  retryAttempts: settings.env.DATABASE_URL ? 10 : 1,
  retryDelay: 1_000,
});

/** Those of the extensions; they know the core, the core does not know them. */
export type AddedMigrations = readonly Type<MigrationInterface>[];

export const sharedOptions = (url: string, added: AddedMigrations): PostgresDataSourceOptions => ({
  type: 'postgres',
  url,
  migrations: [...MIGRATIONS, ...added],
  migrationsTransactionMode: 'each',
  synchronize: false,
  logging: false,
});
