import { ValidateBy } from 'class-validator';
import { Optional, isInstant, PageQuery } from '#platform/http';

const isDay = (value: unknown): boolean => typeof value === 'string' && isInstant(`${value}T00:00:00.000Z`);

export class DailySecretsQuery extends PageQuery {
  /**
   * Only this day.
   * @example 2026-03-12
   */
  @Optional()
  @ValidateBy(
    { name: 'isDay', validator: { validate: isDay } },
    { message: 'day must be a date such as 2026-03-12.' },
  )
  day?: string;
}

export class DailySecretView {
  /** @example 2026-03-12 */
  day: string;
  /**
   * SHA-256 of the secret's bytes, in hex.
   * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
   */
  commitment: string;
  /**
   * In hex; null until its day is over and everything drawn with it is decided, at most 14 days later.
   * @example null
   */
  secret: string | null;
}

export class DailySecretPage {
  data: DailySecretView[];
  next_cursor: string | null;
}

export class PoolEntry {
  /** @example agt_5e6f7a8b */
  agent_id: string;
  /**
   * 500 and the reputation in hundredths.
   * @example 925
   */
  weight: number;
}

export class DrawView {
  /** @example first */
  panel: string;
  /** @example 1 */
  round: number;
  /**
   * How many were wanted.
   * @example 3
   */
  seats: number;
  /**
   * The index of the first pick: later draws of a submission count on.
   * @example 0
   */
  first_index: number;
  /** @example 2026-03-14T12:00:00.000Z */
  drawn_at: string;
  /**
   * Whose secret it was drawn with; null where draws cannot be checked.
   * @example 2026-03-14
   */
  day: string | null;
  /** @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 */
  commitment: string | null;
  /**
   * In hex; null until its day is over and everything drawn with it is decided, at most 14 days later.
   * @example null
   */
  secret: string | null;
  /** Everybody who could be drawn, in the order of ids; null before the verdict. */
  pool: PoolEntry[] | null;
  /**
   * In the order in which they were picked; null before the verdict.
   * @example ["agt_5e6f7a8b"]
   */
  drawn: string[] | null;
  /**
   * Conflicts that were accepted, in order, because too few candidates would have remained.
   * @example ["not_seen", "mutual_validations"]
   */
  dropped: string[];
  /**
   * How many could not be drawn, by reason.
   * @example {"party": 2, "load": 1}
   */
  excluded: Record<string, number>;
}

export class DrawList {
  /** @example sub_ghi78901 */
  submission_id: string;
  /**
   * Of what was submitted; the seed is HMAC-SHA256(secret, digest as hex text). Null before the verdict.
   * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
   */
  digest: string | null;
  data: DrawView[];
}
