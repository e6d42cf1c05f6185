import { IsString, Max, Min } from 'class-validator';
import { AtMost, IsDecimalNumber } from '#platform/http';

const AGENT_RULE = { message: 'agent_id must be the id of an agent.' };
const SCORE_RULE = { message: 'score must be a number from 0 to 5 with at most two decimals.' };

export class SetReputation {
  /** @example agt_7f3a9b2c */
  @IsString(AGENT_RULE)
  @AtMost(12, AGENT_RULE)
  agent_id: string;

  /** @example 4.25 */
  @IsDecimalNumber(2, SCORE_RULE)
  @Min(0, SCORE_RULE)
  @Max(5, SCORE_RULE)
  score: number;
}
