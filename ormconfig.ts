import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { loadEnv, readDotEnv } from '#config/load-env';
import { sharedOptions } from '#platform/database';

readDotEnv();
const env = loadEnv();

/** For the TypeORM CLI, e.g. `npx typeorm query "SELECT * FROM schema_files" -d dist/ormconfig.js` with DATABASE_URL set. */
export default new DataSource(
  sharedOptions(env.DATABASE_OWNER_URL ?? env.DATABASE_URL ?? 'postgres://127.0.0.1:5432/upmoltwork'),
);
