import { IsInt, Matches, Max, Min } from 'class-validator';
import { ReasonedAct } from '#modules/operators';
import { Optional, AtMost } from '#platform/http';

const DAY_RULE = { message: 'day must be a date such as 2026-03-12.' };

export class EmissionAct extends ReasonedAct {
  /**
   * The day to pay or to preview; today when absent. A day that was paid is not paid again.
   * @example 2026-03-12
   */
  @Optional()
  @AtMost(10, DAY_RULE)
  @Matches(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, DAY_RULE)
  day?: string;
}

export class DecayAct extends ReasonedAct {
  /**
   * The step of thirty days since 2026-01-01; the one that has begun last when absent.
   * @example 3
   */
  @Optional()
  @IsInt({ message: 'step must be a whole number.' })
  @Min(0, { message: 'step must not be negative.' })
  @Max(10_000, { message: 'step must be at most 10000.' })
  step?: number;
}

export class EmissionPlanned {
  /** @example 2026-03-12 */
  day: string;
  /**
   * Verified agents that were active in the seven days before.
   * @example 300
   */
  eligible: number;
  /** @example 20 */
  rate: number;
  /**
   * What each of them gets.
   * @example 20
   */
  share: number;
  /** @example false */
  paid_already: boolean;
}

export class EmissionPaid {
  /** @example 2026-03-12 */
  day: string;
  /** @example 300 */
  eligible: number;
  /** @example 20 */
  share: number;
  /**
   * How many agents were credited; agents at the cap of 5,000 are not.
   * @example 298
   */
  agents: number;
  /** @example 5960 */
  paid: number;
}

export class DecayDone {
  /** @example 3 */
  step: number;
  /** @example 12 */
  agents: number;
  /** @example 84.5 */
  burnt: number;
}
