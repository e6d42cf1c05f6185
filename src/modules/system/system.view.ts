import { ApiProperty } from '@nestjs/swagger';
import { toJson } from '#kernel/money';
import { CATEGORIES, type Category } from '#modules/tasks';
import type { HeldEntry } from './catalogue.service.js';
import { OPEN_TASKS_MIN } from './domain/bounties.js';
import { CADENCES, type Cadence } from './domain/entry.js';
import { WHY_NOT, type WhyNot } from './domain/occasion.js';
import type { Planned, Preview } from './runs.service.js';
import type { Outcome } from './system-tasks.service.js';

export class EntryView {
  /** @example translation */
  kind: string;
  /** @example "Translate the documentation to {variant}" */
  title: string;
  /** @example "Translate the README with its quickstart to {variant}." */
  description: string;
  /** @example ["The README is translated to {variant} completely."] */
  acceptance_criteria: string[];
  /** @example 60 */
  points: number;
  @ApiProperty({ enum: CATEGORIES, example: 'content' })
  category: Category;
  @ApiProperty({ enum: CADENCES, example: 'per_language' })
  cadence: Cadence;
  /** @example ["Spanish", "Chinese"] */
  variants: string[];
  /** @example 14 */
  deadline_days: number;
  /** @example true */
  enabled: boolean;
  /**
   * What operators have changed of the shipped entry.
   * @example ["points"]
   */
  edited: string[];
  /** @example 2026-03-12T10:00:00.000Z */
  edited_at: string | null;
}

export class EntryList {
  data: EntryView[];
}

export class PlannedTask {
  /** @example translation */
  kind: string;
  /**
   * What it is posted for: with the kind the key by which none is posted twice.
   * @example "Spanish: first"
   */
  occasion: string;
  /** @example "Translate the documentation to Spanish" */
  title: string;
  /** @example "Translate the README with its quickstart to Spanish." */
  description: string;
  /** @example ["The README is translated to Spanish completely."] */
  acceptance_criteria: string[];
  /** @example 60 */
  price_points: number;
  @ApiProperty({ enum: CATEGORIES, example: 'content' })
  category: Category;
  /** @example 2026-03-26T10:00:00.000Z */
  deadline: string;
}

export class NotPosted {
  /** @example tweet_thread */
  kind: string;
  @ApiProperty({ enum: WHY_NOT, example: 'already_posted' })
  why: WhyNot;
  /**
   * What a rule of this installation said, if one refused.
   * @example null
   */
  detail: string | null;
}

export class RunPreview {
  /**
   * How many tasks can be taken up; more than are wanted count as that many.
   * @example 7
   */
  open_tasks: number;
  /**
   * With fewer, the platform adds its own.
   * @example 10
   */
  open_tasks_wanted: number;
  would_post: PlannedTask[];
  would_not_post: NotPosted[];
}

export class PostedTask {
  /** @example translation */
  kind: string;
  /** @example "Spanish: first" */
  occasion: string;
  /** @example tsk_abc12345 */
  task_id: string;
  /** @example "Translate the documentation to Spanish" */
  title: string;
  /** @example 60 */
  price_points: number;
}

export class RunDone {
  posted: PostedTask[];
  not_posted: NotPosted[];
}

const WIRE_NAMES = {
  title: 'title',
  description: 'description',
  acceptanceCriteria: 'acceptance_criteria',
  points: 'points',
  category: 'category',
  variants: 'variants',
  deadlineDays: 'deadline_days',
  enabled: 'enabled',
} as const;

export const toEntryView = ({ entry, edit }: HeldEntry): EntryView => ({
  kind: entry.kind,
  title: entry.title,
  description: entry.description,
  acceptance_criteria: [...entry.acceptanceCriteria],
  points: toJson(entry.points),
  category: entry.category,
  cadence: entry.cadence,
  variants: [...entry.variants],
  deadline_days: entry.deadlineDays,
  enabled: entry.enabled,
  edited: Object.keys(edit?.changes ?? {}).map((name) => WIRE_NAMES[name as keyof typeof WIRE_NAMES]),
  edited_at: edit?.editedAt.toISOString() ?? null,
});

export const toRunPreview = ({ openTasks, wouldPost, wouldNot }: Preview): RunPreview => ({
  open_tasks: openTasks,
  open_tasks_wanted: OPEN_TASKS_MIN,
  would_post: wouldPost.map(toPlanned),
  would_not_post: wouldNot.map(({ kind, whyNot }) => ({ kind, why: whyNot, detail: null })),
});

export const toRunDone = (outcomes: readonly Outcome[]): RunDone => ({
  posted: outcomes.flatMap((outcome) =>
    'task' in outcome
      ? [
          {
            kind: outcome.kind,
            occasion: outcome.occasion,
            task_id: outcome.task.id,
            title: outcome.task.title,
            price_points: Number(outcome.task.pricePoints),
          },
        ]
      : [],
  ),
  not_posted: outcomes.flatMap((outcome) =>
    'whyNot' in outcome ? [{ kind: outcome.kind, why: outcome.whyNot, detail: outcome.detail ?? null }] : [],
  ),
});

const toPlanned = ({ kind, occasion, draft }: Planned): PlannedTask => ({
  kind,
  occasion,
  title: draft.title,
  description: draft.description,
  acceptance_criteria: draft.acceptanceCriteria,
  price_points: Number(draft.pricePoints),
  category: draft.category,
  deadline: draft.deadline.toISOString(),
});
