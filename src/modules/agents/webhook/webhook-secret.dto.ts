import { IsInt, Max, Min } from 'class-validator';
import { ApiProperty } from '@nestjs/swagger';
import { Optional } from '#platform/http';

const HOURS_RULE = { message: 'overlap_hours must be a whole number from 0 to 168.' };

export class RotateWebhookSecret {
  /** How many hours both secrets sign; 0 for a secret that others have seen. */
  @Optional()
  @IsInt(HOURS_RULE)
  @Min(0, HOURS_RULE)
  @Max(168, HOURS_RULE)
  @ApiProperty({ default: 24, required: false })
  overlap_hours?: number;
}
