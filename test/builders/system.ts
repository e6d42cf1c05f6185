import { points } from '#kernel/money';
import type { Entry, Posted } from '#modules/system';
import { NOON } from './board.js';

/** A kind that is always wanted; only what matters to a test need be said. */
export const anEntry = (fields: Partial<Entry> = {}): Entry => ({
  kind: 'bug_report',
  title: 'Find and document a bug',
  description: 'Find a bug.',
  acceptanceCriteria: ['Gives steps.'],
  points: points(50),
  category: 'analytics',
  cadence: 'ongoing',
  variants: [],
  deadlineDays: 7,
  enabled: true,
  ...fields,
});

export const aPosting = (fields: Partial<Posted> = {}): Posted => ({
  kind: 'bug_report',
  variant: '',
  occasion: 'first',
  taskId: 'tsk_00000001',
  postedAt: NOON,
  standing: 'open',
  ...fields,
});
