import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';
import type { Settings } from '#config/settings';
import { SESSION } from './session.js';

/** The application's own connections. Entities come from the modules; the schema comes from the SQL files alone. */
export const dataSourceOptions = (settings: Settings): TypeOrmModuleOptions => ({
  ...sharedOptions(settings.databaseUrl),
  autoLoadEntities: true,
  poolSize: 10,
  extra: SESSION,
  // It has just been migrated, so waiting for it would only hide a mistake.
  retryAttempts: 1,
});

export const sharedOptions = (url: string): PostgresDataSourceOptions => ({
  type: 'postgres',
  url,
  synchronize: false,
  logging: false,
});
