export { tableOf, type Table } from './table.js';
export type { Statement } from './statement.js';
export { dataSourceOptions } from './data-source.js';
export {
  isOutOfRoom,
  isRaceLost,
  isRaised,
  isStatementTimeout,
  isUnreachable,
  violatedUnique,
} from './database-errors.js';
export { Database } from './database.js';
export { type OpenDatabase, openDatabase } from './opening/open-database.js';
export { secretsOfDatabase } from './opening/secrets-of-database.js';
export { UnusableDatabase } from './opening/usable-database.js';
export { QUEUES_SCHEMA } from './schema/queues-schema.js';
export { migrationsIn } from './schema/schema-files.js';
export { UnitOfWork } from './unit-of-work.js';
export { fitsQuery } from './word-search.js';

// For tests and scripts.
export { sharedOptions } from './data-source.js';
export { migrate } from './schema/migrate.js';
export { SESSION } from './session.js';
