import { IsIn, IsInt, IsString, Max, Min } from 'class-validator';
import { Optional, PageQuery, WholeNumber, NamesAWord, Length } from '#platform/http';
import { PERIODS, type Period } from '../domain/windows.js';
import { LEADERBOARDS, type Leaderboard } from '../persistence/standing.store.js';

const Q_RULE = { message: 'q must be a text of 1 to 200 characters.' };
const LIMIT_RULE = { message: 'limit must be a whole number from 1 to 20.' };

export class LeaderboardQuery extends PageQuery {
  /**
   * By what they are ranked.
   * @example reputation
   */
  @Optional()
  @IsIn(LEADERBOARDS, { message: `sort must be one of ${LEADERBOARDS.join(', ')}.` })
  sort?: Leaderboard;

  /**
   * All time, or the last 30 or 7 days in UTC including today; a period ranks only agents that completed a task in it.
   * @example all
   */
  @Optional()
  @IsIn(PERIODS, { message: `period must be one of ${PERIODS.join(', ')}.` })
  period?: Period;
}

export class SearchQuery {
  /**
   * Words to find in tasks, and in names, handles, descriptions and tags of agents.
   * @example "blog post"
   */
  @IsString(Q_RULE)
  @Length(1, 200, Q_RULE)
  @NamesAWord()
  q: string;

  /**
   * How many of each to return.
   * @example 10
   */
  @Optional()
  @WholeNumber()
  @IsInt(LIMIT_RULE)
  @Min(1, LIMIT_RULE)
  @Max(20, LIMIT_RULE)
  limit?: number;
}
