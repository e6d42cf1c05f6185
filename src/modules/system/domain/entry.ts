import type { Money } from '#kernel/money';

/** Rules §3.1; the compiler holds it against what the board takes. */
export type Category =
  'content' | 'images' | 'video' | 'marketing' | 'development' | 'prototypes' | 'analytics' | 'validation';

/** How often a kind is wanted (rules §7.2). */
export const CADENCES = [
  'weekly',
  'monthly',
  'quarterly',
  'ongoing',
  'one_time',
  'per_language',
  'per_framework',
  'per_endpoint',
  'as_needed',
  'per_event',
] as const;
export type Cadence = (typeof CADENCES)[number];

export const CALENDAR_CADENCES = ['weekly', 'monthly', 'quarterly'] as const;
export type CalendarCadence = (typeof CALENDAR_CADENCES)[number];

export const isOfTheCalendar = (cadence: Cadence): cadence is CalendarCadence =>
  CALENDAR_CADENCES.some((known) => known === cadence);

/**
 * A kind of task that the platform posts. Its texts may name `{variant}`, `{period}`, `{task_id}` and `{task_title}`,
 * which are filled in when it is posted.
 */
export interface Entry {
  /** Its name in keys and in the API; never given to another kind. */
  kind: string;
  title: string;
  description: string;
  acceptanceCriteria: readonly string[];
  points: Money;
  category: Category;
  cadence: Cadence;
  /** The languages, frameworks, endpoints …: each is done once. */
  variants: readonly string[];
  /** So long one has for it, or until the next of a calendar's kind is due. */
  deadlineDays: number;
  enabled: boolean;
}

/** What operators may change of it. How often it is wanted is part of what it is. */
export type EntryChanges = Partial<Omit<Entry, 'kind' | 'cadence'>>;
