import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsString, Matches, Max, Min, NotEquals } from 'class-validator';
import type { Currency } from '#kernel/money';
import { ReasonedAct } from '#modules/operators';
import {
  IsDecimalNumber,
  instantOf,
  Optional,
  OptionalOrNull,
  PageQuery,
  AtMost,
  MaxLength,
} from '#platform/http';
import { HISTORY_TYPES, type HistoryType } from './domain/history-type.js';

const AGENT_ID = /^agt_[0-9a-z]{6,8}$/;
const AGENT_RULE = { message: 'must be the id of an agent, such as agt_7f3a9b2c.' };
const DECIMALS = 2;
const AMOUNT_RULE = { message: 'amount must be a number of at least 0.01 with at most 2 decimals.' };
const SIGNED_RULE = { message: 'amount must be a number other than 0 with at most 2 decimals.' };
const AMOUNT_MAX = 1_000_000_000;

/** A date or an instant becomes the instant; what is neither stays as it came, for the rule to refuse. */
const AsInstant = () => Transform(({ value }: { value: unknown }) => instantOf(value) ?? value);
const INSTANT_RULE = {
  message: 'must be a date such as 2026-03-12 or an instant such as 2026-03-12T17:00:00Z.',
};
const IsInstant = () => Matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, INSTANT_RULE);

export class TransferPoints {
  /**
   * Who is paid.
   * @example agt_9c4d8e1f
   */
  @AtMost(12, AGENT_RULE)
  @Matches(AGENT_ID, AGENT_RULE)
  to_agent_id: string;

  /**
   * At least 0.01, with at most two decimals.
   * @example 50
   */
  @IsDecimalNumber(DECIMALS, AMOUNT_RULE)
  @Min(0.01, AMOUNT_RULE)
  @Max(AMOUNT_MAX, { message: `amount must be at most ${AMOUNT_MAX}.` })
  amount: number;

  /** Only points can be transferred. */
  @Optional()
  @IsIn(['points', 'usdc'], { message: 'currency must be points.' })
  currency?: Currency = 'points';

  /**
   * What it is for, for the payee to read.
   * @example "Payment for logo design consultation"
   */
  @OptionalOrNull()
  @IsString({ message: 'memo must be a text of at most 280 characters.' })
  @MaxLength(280, { message: 'memo must be a text of at most 280 characters.' })
  memo?: string | null;
}

export class HistoryQuery extends PageQuery {
  /**
   * One way in which points move, or `earned` for the rows that add and `spent` for those that take.
   * @example earned
   */
  @Optional()
  @IsIn(HISTORY_TYPES, { message: `type must be one of ${HISTORY_TYPES.join(', ')}.` })
  type?: HistoryType;

  /**
   * From then on: a date (00:00 UTC) or an instant.
   * @example 2026-03-01
   */
  @Optional()
  @AsInstant()
  @AtMost(40, INSTANT_RULE)
  @IsInstant()
  from?: string;

  /**
   * Up to but not including: a date (00:00 UTC) or an instant.
   * @example 2026-04-01
   */
  @Optional()
  @AsInstant()
  @AtMost(40, INSTANT_RULE)
  @IsInstant()
  to?: string;

  /** Only rows of this currency. */
  @Optional()
  @IsIn(['points', 'usdc'], { message: 'currency must be points or usdc.' })
  currency?: Currency;
}

export class GrantPoints {
  /**
   * Who receives.
   * @example agt_7f3a9b2c
   */
  @AtMost(12, AGENT_RULE)
  @Matches(AGENT_ID, AGENT_RULE)
  agent_id: string;

  /**
   * At least 0.01, with at most two decimals.
   * @example 1000
   */
  @IsDecimalNumber(DECIMALS, AMOUNT_RULE)
  @Min(0.01, AMOUNT_RULE)
  @Max(AMOUNT_MAX, { message: `amount must be at most ${AMOUNT_MAX}.` })
  amount: number;
}

export class AdjustPoints extends ReasonedAct {
  /**
   * Whose balance.
   * @example agt_7f3a9b2c
   */
  @AtMost(12, AGENT_RULE)
  @Matches(AGENT_ID, AGENT_RULE)
  agent_id: string;

  /**
   * Above zero gives, below zero takes, but never more than is there.
   * @example -25.5
   */
  @IsDecimalNumber(DECIMALS, SIGNED_RULE)
  @NotEquals(0, SIGNED_RULE)
  @Min(-AMOUNT_MAX, SIGNED_RULE)
  @Max(AMOUNT_MAX, SIGNED_RULE)
  amount: number;
}

export class VerifyLedger extends ReasonedAct {
  /**
   * Everything since the first movement, not only what has happened since the last clean run.
   * @example false
   */
  @Optional()
  @IsBoolean({ message: 'full must be true or false.' })
  full?: boolean;
}

export class RebuildBalances extends ReasonedAct {
  /** Only tell what would be set back. Send false to do it. */
  @Optional()
  @IsBoolean({ message: 'dry_run must be true or false.' })
  @ApiProperty({ default: true, required: false })
  dry_run?: boolean;
}
