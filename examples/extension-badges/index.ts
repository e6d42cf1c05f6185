import type { Extension } from '#extensions/extension';
import { BadgesModule } from './badges.module.js';

/** What an installation adds to the list in `src/extensions/index.ts`. */
export const badges: Extension = { module: BadgesModule, schema: import.meta.dirname };
