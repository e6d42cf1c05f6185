import { Transform } from 'class-transformer';
import { IsInt, IsString, Max, Min } from 'class-validator';
import { InvalidFields } from '#kernel/errors/kernel.errors';
import { Optional } from '../fields/optional.decorator.js';
import { MaxLength } from '../fields/text-length.decorator.js';

/** Query values arrive as text; only plain digits are a number. */
export const WholeNumber = () =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value,
  );

export class PageQuery {
  /**
   * How many entries to return.
   * @example 20
   */
  @Optional()
  @WholeNumber()
  @IsInt({ message: 'limit must be a whole number from 1 to 100.' })
  @Min(1, { message: 'limit must be a whole number from 1 to 100.' })
  @Max(100, { message: 'limit must be a whole number from 1 to 100.' })
  limit?: number;

  /**
   * `next_cursor` of the page before, unchanged.
   * @example WyJyZXB1dGF0aW9uIiwiNC4yNSIsImFndF83ZjNhOWIyYyJd
   */
  @Optional()
  @IsString({ message: 'cursor must be the next_cursor of an earlier page.' })
  @MaxLength(500, { message: 'cursor must be the next_cursor of an earlier page.' })
  cursor?: string;
}

export interface Page<View> {
  data: View[];
  next_cursor: string | null;
}

/** The place behind which the next page starts: the sort, and the last row's values in it. */
export type Place = readonly (string | number)[];

/** What each value of a place must look like, so that a forged cursor is a clear 422. */
export type PlaceShape = readonly ((value: string) => boolean)[];

export const matching =
  (pattern: RegExp) =>
  (value: string): boolean =>
    pattern.test(value);

/** JavaScript takes the 30th of February for the 2nd of March, and has a year 0; PostgreSQL refuses both. */
export const isInstant = (value: string): boolean => {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) || value.startsWith('0000')) return false;
  const time = new Date(value);
  return !Number.isNaN(time.getTime()) && time.toISOString() === value;
};

export const PAGE_SIZE = 20;

/** Ask the store for one row more than the limit; that one only tells that there is a next page. */
export function pageOf<Row, View>(
  rows: readonly Row[],
  limit: number,
  sort: string,
  placeIn: (row: Row) => Place,
  view: (row: Row) => View,
): Page<View> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { data: shown.map(view), next_cursor: more ? cursorOf(sort, placeIn(last)) : null };
}

export const cursorOf = (sort: string, place: Place): string =>
  Buffer.from(JSON.stringify([sort, ...place])).toString('base64url');

export function placeOf(
  cursor: string | undefined,
  sort: string,
  shape: PlaceShape,
  parameter = 'cursor',
): string[] | undefined {
  if (cursor === undefined) return undefined;
  const values = parsed(cursor);
  const known =
    values?.length === shape.length + 1 &&
    values[0] === sort &&
    shape.every((fits, index) => isPlain(values[index + 1]) && fits(String(values[index + 1])));
  if (!known) throw badCursor(parameter);
  return values.slice(1).map(String);
}

/** Text and numbers alone: a list would turn into the text that stands in it, and some objects turn into none. */
const isPlain = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';

function badCursor(parameter: string): InvalidFields {
  const message = `${parameter} must be the next_cursor of an earlier page with the same filters and sort.`;
  return new InvalidFields([{ in: 'query', pointer: `/${parameter}`, rule: 'cursor', message }]);
}

function parsed(cursor: string): unknown[] | undefined {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(values) ? values : undefined;
  } catch {
    return undefined;
  }
}
