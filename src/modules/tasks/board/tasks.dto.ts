import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  Matches,
  Max,
  Min,
} from 'class-validator';
import {
  IsDecimalNumber,
  instantOf,
  Optional,
  OptionalOrNull,
  AtMost,
  Length,
  NotBlank,
} from '#platform/http';
import type { TaskDraft } from '../domain/create-task.js';
import type { TaskChanges } from '../domain/edit-task.js';
import { CATEGORIES, type Category } from '../domain/task.js';
import { decimalOf } from '../prices.js';

const CATEGORY_RULE = { message: `category must be one of ${CATEGORIES.join(', ')}.` };
const TITLE_RULE = { message: 'title must be a text of 1 to 200 characters.' };
const DESCRIPTION_RULE = { message: 'description must be a text of 1 to 20000 characters.' };
const CRITERIA_RULE = { message: 'acceptance_criteria must be a list of 1 to 20 texts.' };
const CRITERION_RULE = { each: true, message: 'Each acceptance criterion must be 1 to 500 characters.' };
export const POINTS_RULE = {
  message: 'price_points must be a number from 10 to 1000000 with at most 2 decimals, or null.',
};
export const USDC_RULE = {
  message: 'price_usdc must be a number from 0.01 to 100000 with at most 6 decimals, or null.',
};
const DEADLINE_RULE = {
  message: 'deadline must be an instant such as 2026-03-15T00:00:00Z, before the year 9999.',
};
const MAX_BIDS_RULE = { message: 'max_bids must be a whole number from 1 to 100.' };
const HOLD_RULE = { message: 'payout_hold_hours must be a whole number from 0 to 72.' };
const BOOLEAN_RULE = { message: '$property must be true or false.' };

/** What is no instant stays as it came, for the rule to refuse. */
const AsInstant = () => Transform(({ value }: { value: unknown }) => instantOf(value) ?? value);
/** What follows from a deadline, such as the end of the grace, must still have a year of four digits. */
const IsInstant = () => Matches(/^(?!9999)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, DEADLINE_RULE);

export class CreateTask {
  /** @example content */
  @IsIn(CATEGORIES, CATEGORY_RULE)
  category: Category;

  /** @example "Write a technical blog post about x402 micropayments" */
  @IsString(TITLE_RULE)
  @Length(1, 200, TITLE_RULE)
  @NotBlank(TITLE_RULE)
  title: string;

  /**
   * Everything an agent needs to know to do it.
   * @example "1200-word technical blog post explaining x402 protocol..."
   */
  @IsString(DESCRIPTION_RULE)
  @Length(1, 20_000, DESCRIPTION_RULE)
  @NotBlank(DESCRIPTION_RULE)
  description: string;

  /**
   * The validators judge by these.
   * @example ["1200+ words", "Includes code examples", "Covers client and server integration", "Professional tone, no marketing fluff"]
   */
  @IsArray(CRITERIA_RULE)
  @ArrayMinSize(1, CRITERIA_RULE)
  @ArrayMaxSize(20, CRITERIA_RULE)
  @IsString(CRITERION_RULE)
  @Length(1, 500, CRITERION_RULE)
  @NotBlank(CRITERION_RULE)
  acceptance_criteria: string[];

  /**
   * Moved to escrow at once; null when the task is paid in USDC alone.
   * @example 150
   */
  @OptionalOrNull()
  @IsDecimalNumber(2, POINTS_RULE)
  @Min(10, POINTS_RULE)
  @Max(1_000_000, POINTS_RULE)
  price_points?: number | null;

  /**
   * null when the task is paid in points alone.
   * @example null
   */
  @OptionalOrNull()
  @IsDecimalNumber(6, USDC_RULE)
  @Min(0.01, USDC_RULE)
  @Max(100_000, USDC_RULE)
  price_usdc?: number | null;

  /**
   * At least five minutes and at most 90 days ahead; one week by default.
   * @example 2026-03-15T00:00:00Z
   */
  @Optional()
  @AsInstant()
  @AtMost(40, DEADLINE_RULE)
  @IsInstant()
  deadline?: string;

  /**
   * Accept the first bid at or below the price automatically.
   * @example false
   */
  @Optional()
  @IsBoolean(BOOLEAN_RULE)
  auto_accept_first?: boolean;

  /**
   * How many pending and accepted bids the task takes; 10 by default.
   * @example 5
   */
  @Optional()
  @IsInt(MAX_BIDS_RULE)
  @Min(1, MAX_BIDS_RULE)
  @Max(100, MAX_BIDS_RULE)
  max_bids?: number;

  /**
   * Without validation a result is approved and paid at once, and nothing can be disputed.
   * @example true
   */
  @Optional()
  @IsBoolean(BOOLEAN_RULE)
  validation_required?: boolean;

  /**
   * How many hours the payment waits after the approval, so that a dispute can still stop it.
   * @example 0
   */
  @Optional()
  @IsInt(HOLD_RULE)
  @Min(0, HOLD_RULE)
  @Max(72, HOLD_RULE)
  payout_hold_hours?: number;
}

export class UpdateTask {
  /** @example content */
  @Optional()
  @IsIn(CATEGORIES, CATEGORY_RULE)
  category?: Category;

  /** @example "Write a technical blog post about x402 micropayments" */
  @Optional()
  @IsString(TITLE_RULE)
  @Length(1, 200, TITLE_RULE)
  @NotBlank(TITLE_RULE)
  title?: string;

  /** @example "1500-word technical blog post explaining x402 protocol..." */
  @Optional()
  @IsString(DESCRIPTION_RULE)
  @Length(1, 20_000, DESCRIPTION_RULE)
  @NotBlank(DESCRIPTION_RULE)
  description?: string;

  /** @example ["1500+ words", "Includes code examples"] */
  @Optional()
  @IsArray(CRITERIA_RULE)
  @ArrayMinSize(1, CRITERIA_RULE)
  @ArrayMaxSize(20, CRITERIA_RULE)
  @IsString(CRITERION_RULE)
  @Length(1, 500, CRITERION_RULE)
  @NotBlank(CRITERION_RULE)
  acceptance_criteria?: string[];

  /**
   * The difference moves to or from escrow at once; null removes the price in points.
   * @example 200
   */
  @OptionalOrNull()
  @IsDecimalNumber(2, POINTS_RULE)
  @Min(10, POINTS_RULE)
  @Max(1_000_000, POINTS_RULE)
  price_points?: number | null;

  /**
   * null removes the price in USDC.
   * @example null
   */
  @OptionalOrNull()
  @IsDecimalNumber(6, USDC_RULE)
  @Min(0.01, USDC_RULE)
  @Max(100_000, USDC_RULE)
  price_usdc?: number | null;

  /**
   * At least five minutes and at most 90 days ahead.
   * @example 2026-03-16T00:00:00Z
   */
  @Optional()
  @AsInstant()
  @AtMost(40, DEADLINE_RULE)
  @IsInstant()
  deadline?: string;

  /** @example true */
  @Optional()
  @IsBoolean(BOOLEAN_RULE)
  auto_accept_first?: boolean;

  /** @example 10 */
  @Optional()
  @IsInt(MAX_BIDS_RULE)
  @Min(1, MAX_BIDS_RULE)
  @Max(100, MAX_BIDS_RULE)
  max_bids?: number;

  /** @example true */
  @Optional()
  @IsBoolean(BOOLEAN_RULE)
  validation_required?: boolean;

  /** @example 24 */
  @Optional()
  @IsInt(HOLD_RULE)
  @Min(0, HOLD_RULE)
  @Max(72, HOLD_RULE)
  payout_hold_hours?: number;
}

export class RepostTask {
  /**
   * At least five minutes and at most 90 days ahead; one week by default.
   * @example 2026-03-22T00:00:00Z
   */
  @Optional()
  @AsInstant()
  @AtMost(40, DEADLINE_RULE)
  @IsInstant()
  deadline?: string;
}

export const toDraft = (body: CreateTask): TaskDraft => ({
  category: body.category,
  title: body.title,
  description: body.description,
  acceptanceCriteria: body.acceptance_criteria,
  pricePoints: decimalOf('points', body.price_points ?? null),
  priceUsdc: decimalOf('usdc', body.price_usdc ?? null),
  ...termsOf(body),
});

/** Only what was sent: null removes a price, absent leaves as it is. */
export const toChanges = (body: UpdateTask): TaskChanges => ({
  ...(body.category !== undefined && { category: body.category }),
  ...(body.title !== undefined && { title: body.title }),
  ...(body.description !== undefined && { description: body.description }),
  ...(body.acceptance_criteria !== undefined && { acceptanceCriteria: body.acceptance_criteria }),
  ...(body.price_points !== undefined && { pricePoints: decimalOf('points', body.price_points) }),
  ...(body.price_usdc !== undefined && { priceUsdc: decimalOf('usdc', body.price_usdc) }),
  ...termsOf(body),
});

export const deadlineOf = ({ deadline }: RepostTask): Date | undefined =>
  deadline === undefined ? undefined : new Date(deadline);

/** What is absent has its default, or stays as it is. */
const termsOf = (body: UpdateTask): Omit<TaskChanges, 'category' | 'title'> => ({
  ...(body.deadline !== undefined && { deadline: new Date(body.deadline) }),
  ...(body.auto_accept_first !== undefined && { autoAcceptFirst: body.auto_accept_first }),
  ...(body.max_bids !== undefined && { maxBids: body.max_bids }),
  ...(body.validation_required !== undefined && { validationRequired: body.validation_required }),
  ...(body.payout_hold_hours !== undefined && { payoutHoldHours: body.payout_hold_hours }),
});
