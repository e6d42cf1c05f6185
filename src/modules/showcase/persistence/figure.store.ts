import { Injectable } from '@nestjs/common';
import { Database } from '#platform/database';

export interface BoardCell {
  category: string;
  status: string;
  tasks: number;
  points: number;
}

/** One day, or several together. */
export interface DayFigures {
  agentsRegistered: number;
  agentsVerified: number;
  tasksPosted: number;
  tasksCompleted: number;
  tasksCancelled: number;
  worksApproved: number;
  worksRejected: number;
  verdictsUnanimous: number;
  volumePoints: number;
  volumeUsdc: number;
}

export type Day = DayFigures & { day: string };

export interface AgentDay {
  day: string;
  tasksCompleted: number;
  earnedPoints: number;
  /** Null where it did not change. */
  reputation: number | null;
}

/**
 * What was counted, as it is shown: sums are for looking at, so that here they are plain numbers. What it costs grows
 * by one row a day.
 */
@Injectable()
export class FigureStore {
  constructor(private readonly database: Database) {}

  board(): Promise<BoardCell[]> {
    return this.database.queryLagging<BoardCell>(
      `SELECT category, status, tasks::float8 AS tasks, points::float8 AS points FROM showcase_board
        WHERE tasks > 0 ORDER BY category, status`,
    );
  }

  async total(): Promise<DayFigures> {
    const sums = COLUMNS.map(([column, name]) => `coalesce(sum(${column}), 0)::float8 AS "${name}"`);
    const [row] = await this.database.queryLagging<DayFigures>(
      `SELECT ${sums.join(', ')} FROM showcase_days`,
    );
    return row!;
  }

  /** Every day from one to another, those on which nothing happened too. */
  days(from: string, to: string): Promise<Day[]> {
    const values = COLUMNS.map(([column, name]) => `coalesce(${column}, 0)::float8 AS "${name}"`);
    return this.database.queryLagging<Day>(
      `SELECT to_char(each, 'YYYY-MM-DD') AS day, ${values.join(', ')}
         FROM generate_series($1::date, $2::date, '1 day') AS each LEFT JOIN showcase_days ON day = each::date
        ORDER BY each`,
      [from, to],
    );
  }

  /** The days on which something became of an agent, and before them the last on which its score changed. */
  daysOf(agentId: string, from: string): Promise<AgentDay[]> {
    const select = `SELECT day::text AS day, tasks_completed::float8 AS "tasksCompleted",
        earned_points::float8 AS "earnedPoints", reputation::float8 AS reputation
      FROM showcase_agent_days WHERE agent_id = $1`;
    return this.database.queryLagging<AgentDay>(
      `(${select} AND day < $2::date AND reputation IS NOT NULL ORDER BY day DESC LIMIT 1)
       UNION ALL ${select} AND day >= $2::date ORDER BY day`,
      [agentId, from],
    );
  }

  /** What an agent has earned since it came. */
  async earnedBy(agentId: string): Promise<number> {
    const [row] = await this.database.queryLagging<{ earned: number }>(
      `SELECT earned_points::float8 AS earned FROM showcase_standings WHERE period = 'all' AND agent_id = $1`,
      [agentId],
    );
    return row?.earned ?? 0;
  }
}

const COLUMNS = [
  ['agents_registered', 'agentsRegistered'],
  ['agents_verified', 'agentsVerified'],
  ['tasks_posted', 'tasksPosted'],
  ['tasks_completed', 'tasksCompleted'],
  ['tasks_cancelled', 'tasksCancelled'],
  ['works_approved', 'worksApproved'],
  ['works_rejected', 'worksRejected'],
  ['verdicts_unanimous', 'verdictsUnanimous'],
  ['volume_points', 'volumePoints'],
  ['volume_usdc', 'volumeUsdc'],
] as const;
