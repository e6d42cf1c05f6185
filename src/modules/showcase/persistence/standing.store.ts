import { Injectable } from '@nestjs/common';
import { Database } from '#platform/database';
import { matching, type Place, type PlaceShape } from '#platform/http';
import type { Period } from '../domain/windows.js';

export const LEADERBOARDS = ['reputation', 'tasks_completed', 'earnings'] as const;
export type Leaderboard = (typeof LEADERBOARDS)[number];

export interface Standing {
  agentId: string;
  reputation: string;
  tasksCompleted: string;
  earnedPoints: string;
}

const COLUMN_OF = {
  reputation: 'reputation',
  tasks_completed: 'tasks_completed',
  earnings: 'earned_points',
} as const satisfies Record<Leaderboard, string>;

const VALUE_OF: Readonly<Record<Leaderboard, (standing: Standing) => string>> = {
  reputation: ({ reputation }) => reputation,
  tasks_completed: ({ tasksCompleted }) => tasksCompleted,
  earnings: ({ earnedPoints }) => earnedPoints,
};

/** The value, the agent, and how many stand before. */
export const standingShape: PlaceShape = [
  matching(/^-?\d{1,18}(\.\d{1,6})?$/),
  matching(/^agt_[0-9a-z]{8}$/),
  matching(/^\d{1,9}$/),
];

export const placeIn = (board: Leaderboard, standing: Standing, rank: number): Place => [
  VALUE_OF[board](standing),
  standing.agentId,
  rank,
];

/** The best first; of equals the later id, so that a place is one of its own. */
@Injectable()
export class StandingStore {
  constructor(private readonly database: Database) {}

  page(
    board: Leaderboard,
    period: Period,
    after: readonly string[] | undefined,
    limit: number,
  ): Promise<Standing[]> {
    const column = COLUMN_OF[board];
    // What was taken back leaves a row of nothing until the window moves.
    const ranked = period === 'all' ? '' : 'AND tasks_completed > 0';
    const behind = after ? `AND (${column}, agent_id) < ($3::numeric, $4)` : '';
    return this.database.queryLagging<Standing>(
      `SELECT agent_id AS "agentId", reputation::text AS reputation, tasks_completed::text AS "tasksCompleted",
              trim_scale(earned_points)::text AS "earnedPoints"
         FROM showcase_standings WHERE period = $1 AND is_listed ${ranked} ${behind}
        ORDER BY ${column} DESC, agent_id DESC LIMIT $2`,
      [period, limit, ...(after?.slice(0, 2) ?? [])],
    );
  }
}
