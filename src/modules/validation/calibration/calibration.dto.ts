import { IsBoolean, IsString, Matches } from 'class-validator';
import { ReasonedAct } from '#modules/operators';
import { AtMost } from '#platform/http';

const SUBMISSION_RULE = { message: 'submission_id must be the id of a submission.' };

/** The name is on the wire. */
export class LoadGold extends ReasonedAct {
  /** @example sub_ghi78901 */
  @IsString(SUBMISSION_RULE)
  @AtMost(12, SUBMISSION_RULE)
  @Matches(/^sub_[0-9a-z]{8}$/, SUBMISSION_RULE)
  submission_id: string;

  /**
   * How it should be judged.
   * @example true
   */
  @IsBoolean({ message: 'approved must be true or false.' })
  approved: boolean;
}
