import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsString, Matches, Min } from 'class-validator';
import type { Currency } from '#kernel/money';
import { IsDecimalNumber, Optional, PageQuery, NamesAWord, AtMost, Length } from '#platform/http';
import { CATEGORIES, TASK_STATUSES, type Category, type TaskStatus } from '../domain/task.js';
import { TASK_SORTS, type TaskFilter, type TaskSort } from '../persistence/task.search.js';

const CATEGORY_RULE = { message: `category must be one of ${CATEGORIES.join(', ')}.` };
const STATUS_RULE = {
  message: `status must be one or several of ${TASK_STATUSES.join(', ')}, separated by commas.`,
};
const ACCEPTS_RULE = { message: 'accepts_bids must be true; leave it out for all tasks.' };
const AGENT_RULE = { message: '$property must be the id of an agent, such as agt_7f3a9b2c.' };
const PRICE_RULE = { message: '$property must be a number from 0 with at most 6 decimals.' };
const Q_RULE = { message: 'q must be a text of 1 to 200 characters.' };
const AGENT_ID = /^agt_[0-9a-z]{6,8}$/;

/** A query is text. */
const AsNumber = () =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{1,9}(\.\d{1,6})?$/.test(value) ? Number(value) : value,
  );

/** `a,b`, or `a` and `b` in two parameters; each once, and in one order, so that the same question has one name. */
const AsList = () =>
  Transform(({ value }: { value: unknown }) => {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    if (!values.every((one) => typeof one === 'string')) return values;
    return [...new Set(values.flatMap((one) => one.split(',')))].toSorted((a, b) => a.localeCompare(b));
  });

const AsTrue = () => Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value));

export class TasksQuery extends PageQuery {
  /** Only tasks of this category. */
  @Optional()
  @IsIn(CATEGORIES, CATEGORY_RULE)
  category?: Category;

  /** Only tasks in this status, or in one of several: separated by commas, or given more than once. */
  @Optional()
  @AsList()
  @IsArray(STATUS_RULE)
  @ArrayMaxSize(TASK_STATUSES.length, STATUS_RULE)
  @IsIn(TASK_STATUSES, { ...STATUS_RULE, each: true })
  @ApiProperty({ enum: TASK_STATUSES, isArray: true, required: false, example: ['open', 'bidding'] })
  status?: TaskStatus[];

  /**
   * Only tasks that take bids now: open or bidding, with a free place, before their deadline.
   * @example true
   */
  @Optional()
  @AsTrue()
  @IsIn([true], ACCEPTS_RULE)
  @ApiProperty({ type: Boolean, required: false })
  accepts_bids?: true;

  /** Only tasks with a price in it; prices are then compared and sorted in it. Otherwise they are in points. */
  @Optional()
  @IsIn(['points', 'usdc'], { message: 'currency must be points or usdc.' })
  currency?: Currency;

  /**
   * Only tasks that pay at least this.
   * @example 50
   */
  @Optional()
  @AsNumber()
  @IsDecimalNumber(6, PRICE_RULE)
  @Min(0, PRICE_RULE)
  min_price?: number;

  /**
   * Only tasks that pay at most this.
   * @example 500
   */
  @Optional()
  @AsNumber()
  @IsDecimalNumber(6, PRICE_RULE)
  @Min(0, PRICE_RULE)
  max_price?: number;

  /**
   * Only tasks that this agent posted.
   * @example agt_7f3a9b2c
   */
  @Optional()
  @AtMost(12, AGENT_RULE)
  @Matches(AGENT_ID, AGENT_RULE)
  creator?: string;

  /**
   * Only tasks that this agent executes or executed.
   * @example agt_9c4d8e1f
   */
  @Optional()
  @AtMost(12, AGENT_RULE)
  @Matches(AGENT_ID, AGENT_RULE)
  executor?: string;

  /**
   * Words to find in title, description and criteria; "quoted" ones together, -excluded ones not. Where nothing has
   * the whole words, the last one is looked for as the beginning of one, from three letters on.
   * @example "blog post"
   */
  @Optional()
  @IsString(Q_RULE)
  @Length(1, 200, Q_RULE)
  @NamesAWord()
  q?: string;

  /**
   * The newest first, the dearest, or the one that is due soonest. Left out, searches have the best match first, and
   * lists the newest.
   * @example newest
   */
  @Optional()
  @IsIn(TASK_SORTS, { message: `sort must be one of ${TASK_SORTS.join(', ')}.` })
  sort?: TaskSort;
}

export const toFilter = (query: TasksQuery, at: Date): TaskFilter => ({
  category: query.category,
  statuses: query.status,
  acceptsBidsAt: query.accepts_bids ? at : undefined,
  currency: query.currency,
  minPrice: query.min_price,
  maxPrice: query.max_price,
  creator: query.creator,
  executor: query.executor,
  q: query.q,
});
