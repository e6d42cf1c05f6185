import { MOVEMENT_TYPES } from './posting.js';

/** What a history can be narrowed to: one way of moving, or one direction. */
export const HISTORY_TYPES = [...MOVEMENT_TYPES, 'earned', 'spent'] as const;
export type HistoryType = (typeof HISTORY_TYPES)[number];
