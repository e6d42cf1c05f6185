export { SystemModule } from './system.module.js';

// For tests and scripts.
export { claimsOf, isNotable } from './domain/case-study.js';
export type { Entry } from './domain/entry.js';
export type { Posted } from './domain/occasion.js';
