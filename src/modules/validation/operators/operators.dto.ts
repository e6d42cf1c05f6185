import { IsBoolean, IsIn, IsInt, Max, Min, NotEquals, ValidateIf } from 'class-validator';
import { ReasonedAct } from '#modules/operators';
import { Optional } from '#platform/http';
import { SETTING_NAMES, type Settings } from '../domain/settings.js';

const flag = (name: string) => ({ message: `${name} must be true or false.` });

export class DecideSubmission extends ReasonedAct {
  /** @example true */
  @IsBoolean(flag('approved'))
  approved: boolean;
}

export class DecideDispute extends ReasonedAct {
  /**
   * From the point of view of its filer.
   * @example won
   */
  @IsIn(['won', 'lost'], { message: 'outcome must be won or lost.' })
  outcome: 'won' | 'lost';
}

const PRICE_RULE = {
  message: 'escalate_splits_from_points must be a whole number from 10 to 1000000, or null for never.',
};
const CALIBRATION_RULE = { message: 'gold_every must be 0 for never, or a whole number from 2 to 1000.' };

export class ChangeSettings extends ReasonedAct {
  /**
   * Agents close to the creator or executor are drawn only when too few others remain.
   * @example true
   */
  @Optional()
  @IsBoolean(flag('avoid_conflicts'))
  avoid_conflicts?: boolean;

  /**
   * By the upper bound of the accuracy instead of the raw ratio.
   * @example true
   */
  @Optional()
  @IsBoolean(flag('wilson_accuracy'))
  wilson_accuracy?: boolean;

  /**
   * From this price on a split vote of three gets two more seats; null: never.
   * @example 500
   */
  @ValidateIf((_, value) => value !== undefined && value !== null)
  @IsInt(PRICE_RULE)
  @Min(10, PRICE_RULE)
  @Max(1_000_000, PRICE_RULE)
  escalate_splits_from_points?: number | null;

  /**
   * Votes are shown after the verdict alone.
   * @example true
   */
  @Optional()
  @IsBoolean(flag('hide_votes'))
  hide_votes?: boolean;

  /**
   * Every draw can be repeated by anyone.
   * @example true
   */
  @Optional()
  @IsBoolean(flag('verifiable_draw'))
  verifiable_draw?: boolean;

  /**
   * What is minted for votes on one creator's tasks a day is limited by the fees it burnt; the rest is paid at 00:00 UTC.
   * @example false
   */
  @Optional()
  @IsBoolean(flag('cap_rewards'))
  cap_rewards?: boolean;

  /**
   * A newcomer's first five assignments are calibration tasks.
   * @example false
   */
  @Optional()
  @IsBoolean(flag('exam'))
  exam?: boolean;

  /**
   * One in this many assignments is a calibration task; 0: none.
   * @example 8
   */
  @Optional()
  @IsInt(CALIBRATION_RULE)
  @Min(0, CALIBRATION_RULE)
  @Max(1_000, CALIBRATION_RULE)
  @NotEquals(1, CALIBRATION_RULE)
  gold_every?: number;
}

/** What was not sent stays as it is. */
export function toChanges(body: ChangeSettings): Partial<Settings> {
  return Object.fromEntries(
    SETTING_NAMES.filter((name) => body[name] !== undefined).map((name) => [name, body[name]]),
  );
}
