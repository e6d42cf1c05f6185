import type { Extension } from '../../src/extensions/extension.js';
import { BadgesModule } from './badges.module.js';
import { Badges1773500000000 } from './migrations/1773500000000-badges.js';

/** What an installation adds to the list in `src/extensions/index.ts`. */
export const badges: Extension = { module: BadgesModule, migrations: [Badges1773500000000] };
