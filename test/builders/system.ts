import { points } from '../../src/kernel/money.js';
import type { Entry } from '../../src/modules/system/domain/entry.js';
import type { Posted } from '../../src/modules/system/domain/occasion.js';
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
