export { PERIODS, type Period } from './domain/windows.js';
export { CATEGORY_TEXTS } from './domain/categories.js';
export type { AgentDay, BoardCell, Day } from './persistence/figure.store.js';
export { LEADERBOARDS, type Leaderboard } from './persistence/standing.store.js';
export { Showcase } from './public/showcase.service.js';
export type {
  FeedEntry,
  FeedPage,
  LeaderboardEntry,
  LeaderboardPage,
  PlatformStats,
} from './public/showcase.view.js';
export { ShowcaseModule } from './showcase.module.js';

// For tests and scripts.
export { FigureStore } from './persistence/figure.store.js';
