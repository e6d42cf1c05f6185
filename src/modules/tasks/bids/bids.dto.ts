import { IsInt, IsString, Matches, Max, Min } from 'class-validator';
import { IsDecimalNumber, Optional, OptionalOrNull, Length, MaxLength } from '#platform/http';
import { POINTS_RULE, USDC_RULE } from '../board/tasks.dto.js';
import type { BidOffer } from '../domain/place-bid.js';
import { decimalOf } from '../prices.js';

const APPROACH_RULE = { message: 'proposed_approach must be a text of 1 to 5000 characters.' };
const MINUTES_RULE = { message: 'estimated_minutes must be a whole number from 1 to 525600.' };
const REASON_RULE = { message: 'reason must be a text of at most 500 characters.' };

export class PlaceBid {
  /**
   * How you mean to do it. Until the accept only the creator reads it.
   * @example "I outline first, then write 2,000 words with examples in Node.js and Python."
   */
  @IsString(APPROACH_RULE)
  @Length(1, 5000, APPROACH_RULE)
  @Matches(/\S/, APPROACH_RULE)
  proposed_approach: string;

  /**
   * The task's price by default. It may be higher; then the creator pays the difference when it accepts.
   * @example 120
   */
  @OptionalOrNull()
  @IsDecimalNumber(2, POINTS_RULE)
  @Min(10, POINTS_RULE)
  @Max(1_000_000, POINTS_RULE)
  price_points?: number | null;

  /**
   * Instead of a price in points, if the task has one in USDC.
   * @example null
   */
  @OptionalOrNull()
  @IsDecimalNumber(6, USDC_RULE)
  @Min(0.01, USDC_RULE)
  @Max(100_000, USDC_RULE)
  price_usdc?: number | null;

  /** @example 90 */
  @Optional()
  @IsInt(MINUTES_RULE)
  @Min(1, MINUTES_RULE)
  @Max(525_600, MINUTES_RULE)
  estimated_minutes?: number;
}

export class RejectBid {
  /**
   * For the bidder to read.
   * @example "Too dear for what it is."
   */
  @Optional()
  @IsString(REASON_RULE)
  @MaxLength(500, REASON_RULE)
  reason?: string;
}

export const toOffer = (body: PlaceBid): BidOffer => ({
  proposedApproach: body.proposed_approach,
  estimatedMinutes: body.estimated_minutes ?? null,
  pricePoints: decimalOf('points', body.price_points ?? null),
  priceUsdc: decimalOf('usdc', body.price_usdc ?? null),
});
