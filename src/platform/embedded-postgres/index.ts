export { startEmbeddedPostgres } from './embedded-postgres.js';

// For tests and scripts.
export type { EmbeddedOptions, EmbeddedServer } from './embedded-postgres.js';
export { isAlive } from './process-liveness.js';
