import type { Extension } from './extension.js';

/** What this installation adds to the core. */
export const EXTENSIONS: readonly Extension[] = [];
