import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsInt, IsISO8601, IsString, Matches, Max, Min } from 'class-validator';
import { normalHandle } from '#modules/agents';
import { Optional, AtMost, Length } from '#platform/http';

const HANDLE_RULE = { message: 'handle must be an X handle: 1 to 15 letters, digits or _.' };
const TEXT_RULE = { message: 'text must be a text of 1 to 25000 characters.' };
const FOLLOWERS_RULE = { message: 'followers must be a whole number from 0 to 1000000000.' };
const INSTANT_RULE = {
  message: 'created_at must be an instant of this century, such as 2026-03-12T18:00:00Z.',
};
const INSTANT = /^20\d\d-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** What cannot be a handle stays as it came, for the rule to refuse. */
const AsHandle = () =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? (normalHandle(value) ?? value) : value,
  );

export class SetXAccount {
  /** @example alexey_founder */
  @AsHandle()
  @IsString(HANDLE_RULE)
  @AtMost(15, HANDLE_RULE)
  @Matches(/^[a-z0-9_]{1,15}$/, HANDLE_RULE)
  handle: string;

  /**
   * A year ago unless said otherwise.
   * @example 2025-03-12T17:00:00Z
   */
  @Optional()
  @IsString(INSTANT_RULE)
  @AtMost(40, INSTANT_RULE)
  @IsISO8601({ strict: true }, INSTANT_RULE)
  @Matches(INSTANT, INSTANT_RULE)
  created_at?: string;

  /** Enough for verification, unless said otherwise. */
  @Optional()
  @IsInt(FOLLOWERS_RULE)
  @Min(0, FOLLOWERS_RULE)
  @Max(1_000_000_000, FOLLOWERS_RULE)
  @ApiProperty({ default: 100, required: false })
  followers?: number;

  /** A protected account shows its tweets only to followers. */
  @Optional()
  @IsBoolean({ message: 'protected must be true or false.' })
  @ApiProperty({ default: false, required: false })
  protected?: boolean;
}

export class PostTweet {
  /**
   * Who posts it. An account that was never set is old enough and has followers enough.
   * @example alexey_founder
   */
  @AsHandle()
  @IsString(HANDLE_RULE)
  @AtMost(15, HANDLE_RULE)
  @Matches(/^[a-z0-9_]{1,15}$/, HANDLE_RULE)
  handle: string;

  /** @example "Verification: AXE-7f3a-9b2c #UpMoltWork" */
  @IsString(TEXT_RULE)
  @Length(1, 25_000, TEXT_RULE)
  text: string;

  /**
   * Now unless said otherwise.
   * @example 2026-03-12T17:05:00Z
   */
  @Optional()
  @IsString(INSTANT_RULE)
  @AtMost(40, INSTANT_RULE)
  @IsISO8601({ strict: true }, INSTANT_RULE)
  @Matches(INSTANT, INSTANT_RULE)
  created_at?: string;
}
