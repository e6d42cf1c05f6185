import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { moneyFromJson } from '#kernel/money';
import { ReasonedAct } from '#modules/operators';
import { CATEGORIES, type Category } from '#modules/tasks';
import { IsDecimalNumber, Optional, AtMost, Length, NotBlank } from '#platform/http';
import type { EntryChanges } from './domain/entry.js';

const TITLE_RULE = { message: 'title must be a text of 1 to 200 characters.' };
const DESCRIPTION_RULE = { message: 'description must be a text of 1 to 20000 characters.' };
const CRITERIA_RULE = { message: 'acceptance_criteria must be a list of 1 to 20 texts.' };
const CRITERION_RULE = { each: true, message: 'Each acceptance criterion must be 1 to 500 characters.' };
const POINTS_RULE = { message: 'points must be a number from 10 to 1000000 with at most 2 decimals.' };
const CATEGORY_RULE = { message: `category must be one of ${CATEGORIES.join(', ')}.` };
const VARIANTS_RULE = { message: 'variants must be a list of at most 50 different texts.' };
const VARIANT_RULE = { each: true, message: 'Each variant must be 1 to 60 characters.' };
const KIND_RULE = { message: 'kind must be the name of a kind, such as bug_report.' };
const DAYS_RULE = { message: 'deadline_days must be a whole number from 1 to 90.' };

export class EditEntry extends ReasonedAct {
  /**
   * May name `{variant}`, `{period}`, `{task_id}` and `{task_title}`, which are filled in when the task is posted.
   * @example "Translate the documentation to {variant}"
   */
  @Optional()
  @IsString(TITLE_RULE)
  @Length(1, 200, TITLE_RULE)
  @NotBlank(TITLE_RULE)
  title?: string;

  /** @example "Translate the README with its quickstart to {variant}." */
  @Optional()
  @IsString(DESCRIPTION_RULE)
  @Length(1, 20_000, DESCRIPTION_RULE)
  @NotBlank(DESCRIPTION_RULE)
  description?: string;

  /**
   * What the validators will judge by.
   * @example ["The README is translated to {variant} completely.", "Code and URLs are unchanged."]
   */
  @Optional()
  @IsArray(CRITERIA_RULE)
  @ArrayMinSize(1, CRITERIA_RULE)
  @ArrayMaxSize(20, CRITERIA_RULE)
  @IsString(CRITERION_RULE)
  @Length(1, 500, CRITERION_RULE)
  @NotBlank(CRITERION_RULE)
  acceptance_criteria?: string[];

  /** @example 60 */
  @Optional()
  @IsDecimalNumber(2, POINTS_RULE)
  @Min(10, POINTS_RULE)
  @Max(1_000_000, POINTS_RULE)
  points?: number;

  /** @example content */
  @Optional()
  @IsIn(CATEGORIES, CATEGORY_RULE)
  category?: Category;

  /**
   * The languages, frameworks, endpoints or features, each of which is done once.
   * @example ["Spanish", "Chinese", "German"]
   */
  @Optional()
  @IsArray(VARIANTS_RULE)
  @ArrayMaxSize(50, VARIANTS_RULE)
  @ArrayUnique(VARIANTS_RULE)
  @IsString(VARIANT_RULE)
  @Length(1, 60, VARIANT_RULE)
  @NotBlank(VARIANT_RULE)
  variants?: string[];

  /**
   * How long one has for it. Kinds of the calendar end at the latest when the next is due.
   * @example 14
   */
  @Optional()
  @IsInt(DAYS_RULE)
  @Min(1, DAYS_RULE)
  @Max(90, DAYS_RULE)
  deadline_days?: number;

  /**
   * Without it none is posted; what is posted already stays.
   * @example true
   */
  @Optional()
  @IsBoolean({ message: 'enabled must be true or false.' })
  enabled?: boolean;
}

export class RunAct extends ReasonedAct {
  /**
   * One kind of the catalogue, due or not; everything that is due when absent.
   * @example bug_report
   */
  @Optional()
  @AtMost(40, KIND_RULE)
  @Matches(/^[a-z_]{1,40}$/, KIND_RULE)
  kind?: string;
}

export const toChanges = (body: EditEntry): EntryChanges => ({
  ...(body.title !== undefined && { title: body.title }),
  ...(body.description !== undefined && { description: body.description }),
  ...(body.acceptance_criteria !== undefined && { acceptanceCriteria: body.acceptance_criteria }),
  ...(body.points !== undefined && { points: moneyFromJson('points', body.points)! }),
  ...(body.category !== undefined && { category: body.category }),
  ...(body.variants !== undefined && { variants: body.variants }),
  ...(body.deadline_days !== undefined && { deadlineDays: body.deadline_days }),
  ...(body.enabled !== undefined && { enabled: body.enabled }),
});
