import type { Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';
import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import type { Settings } from '../config/settings.js';
import { MIGRATIONS } from './migrations.js';
import { SESSION } from './session.js';

/** The application's own connections. Entities come from the modules; the schema is the migrations' alone. */
export const dataSourceOptions = (settings: Settings, added: AddedMigrations): TypeOrmModuleOptions => ({
  ...sharedOptions(settings.databaseUrl, added),
  autoLoadEntities: true,
  poolSize: 10,
  extra: SESSION,
  // It has just been migrated, so waiting for it would only hide a mistake.
  retryAttempts: 1,
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
