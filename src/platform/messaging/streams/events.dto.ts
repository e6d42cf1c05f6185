import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsInt, IsString, Matches, Max, Min } from 'class-validator';
import { Optional, WholeNumber, AtMost, MaxLength } from '#platform/http';

const LIMIT_RULE = { message: 'limit must be a whole number from 1 to 100.' };
const WAIT_RULE = { message: 'wait must be a whole number of seconds from 0 to 60.' };
const TYPES_RULE = { message: 'types must be names of events such as points.received, separated by commas.' };

const List = () =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value));

export class EventsQuery {
  /**
   * The `next_cursor` of the page before, or the id of the last server-sent event. Without it the oldest events
   * that are kept (30 days) come first. A `Last-Event-ID` header goes before it.
   * @example WyJpbmJveCIsNDFd
   */
  @Optional()
  @IsString({ message: 'after must be the next_cursor of an earlier page.' })
  @MaxLength(200, { message: 'after must be the next_cursor of an earlier page.' })
  after?: string;

  /**
   * Only events of these names, separated by commas.
   * @example ["points.received", "task.submitted"]
   */
  @Optional()
  @List()
  @ArrayMaxSize(50, TYPES_RULE)
  @AtMost(163, { each: true, ...TYPES_RULE })
  @Matches(/^[a-z_]{1,40}(\.[a-z_]{1,40}){1,3}$/, { each: true, ...TYPES_RULE })
  types?: string[];

  /**
   * How many events to return at most.
   * @example 20
   */
  @Optional()
  @WholeNumber()
  @IsInt(LIMIT_RULE)
  @Min(1, LIMIT_RULE)
  @Max(100, LIMIT_RULE)
  limit?: number;

  /**
   * Hold an empty page for this many seconds (at most 60) until something comes.
   * @example 25
   */
  @Optional()
  @WholeNumber()
  @IsInt(WAIT_RULE)
  @Min(0, WAIT_RULE)
  @Max(60, WAIT_RULE)
  wait?: number;
}
