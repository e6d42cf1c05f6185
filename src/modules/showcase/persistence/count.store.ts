import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../kernel/db/tx.js';
import type { Changes, CountedAgent, CountedTask, DayChange } from '../domain/contribution.js';
import type { Period } from '../domain/windows.js';

/** What was counted of a task, and what is shown of its result. */
export interface TaskRow extends CountedTask {
  submissionId: string | null;
  resultUrl: string | null;
  resultExcerpt: string | null;
  /** As old as the task was when it was read: what is older than this has nothing to add. */
  updatedAt: Date;
}

/**
 * Keeps the figures. Locks in one order: the task's row, its executor's, the windows, and then the figures, each table
 * by its key.
 */
@Injectable()
export class CountStore {
  async lockTask(tx: Tx, taskId: string): Promise<TaskRow | undefined> {
    const [row] = await tx.query<FlatTask>(
      `SELECT task_id AS "taskId", title, category, status, creator_agent_id AS "creatorId",
              executor_agent_id AS "executorId", currency, trim_scale(price)::text AS price,
              trim_scale(earned)::text AS earned, votes_for AS "votesFor", votes_against AS "votesAgainst", verdict,
              verdict_at AS "verdictAt", submission_id AS "submissionId", result_url AS "resultUrl",
              result_excerpt AS "resultExcerpt", created_at AS "createdAt",
              updated_at AS "updatedAt", closed_at AS "closedAt"
         FROM showcase_tasks WHERE task_id = $1 FOR UPDATE`,
      [taskId],
    );
    return row && nested(row);
  }

  /** Without ON CONFLICT for a task that was not there: of two that count it for the first time, one fails. */
  async keepTask(tx: Tx, task: TaskRow, isKnown: boolean): Promise<void> {
    await tx.query(isKnown ? UPDATE_TASK : INSERT_TASK, [
      task.taskId,
      task.title,
      task.category,
      task.status,
      task.creatorId,
      task.executorId,
      task.currency,
      task.price,
      task.earned,
      task.verdict?.votesFor ?? null,
      task.verdict?.votesAgainst ?? null,
      task.verdict?.outcome ?? null,
      task.verdict?.at ?? null,
      task.submissionId,
      task.resultUrl,
      task.resultExcerpt,
      task.createdAt,
      task.updatedAt,
      task.closedAt,
    ]);
  }

  /** An agent may earn before the news of its registration is counted, so its row is made by whoever comes first. */
  async lockAgent(tx: Tx, agentId: string): Promise<CountedAgent> {
    await tx.query('INSERT INTO showcase_agents (agent_id) VALUES ($1) ON CONFLICT DO NOTHING', [agentId]);
    const [row] = await tx.query<CountedAgent>(
      `SELECT registered::text AS registered, verified::text AS verified, is_listed AS "isListed",
              reputation::text AS reputation
         FROM showcase_agents WHERE agent_id = $1 FOR UPDATE`,
      [agentId],
    );
    return row!;
  }

  /** Wherever the agent stands, it stands there as it is now. */
  async keepAgent(tx: Tx, agentId: string, now: CountedAgent, day: string): Promise<void> {
    const { registered, verified, isListed, reputation } = now;
    await tx.query(
      `UPDATE showcase_agents SET registered = $2, verified = $3, is_listed = $4, reputation = $5 WHERE agent_id = $1`,
      [agentId, registered, verified, isListed, reputation],
    );
    await tx.query(
      `INSERT INTO showcase_agent_days AS kept (agent_id, day, reputation) VALUES ($1, $2, $3)
       ON CONFLICT (agent_id, day) DO UPDATE SET reputation = excluded.reputation`,
      [agentId, day, reputation],
    );
    await tx.query(
      `WITH others AS (
         UPDATE showcase_standings SET is_listed = $2, reputation = $3 WHERE agent_id = $1 AND period <> 'all')
       INSERT INTO showcase_standings (period, agent_id, is_listed, reputation) VALUES ('all', $1, $2, $3)
       ON CONFLICT (period, agent_id) DO UPDATE SET is_listed = $2, reputation = $3`,
      [agentId, isListed, reputation],
    );
  }

  async add(tx: Tx, { board, days, agentDays }: Changes): Promise<void> {
    if (agentDays.length > 0) {
      for (const id of new Set(agentDays.map(({ agent_id }) => agent_id))) await this.lockAgent(tx, id);
      // Held until the commit, so that no window moves between the days and the standings that follow from them.
      await tx.query('SELECT period FROM showcase_windows ORDER BY period FOR SHARE');
    }
    if (board.length > 0) await tx.query(ADD_TO_BOARD, [JSON.stringify(board)]);
    await this.addDays(tx, days);
    if (agentDays.length === 0) return;
    await tx.query(ADD_TO_AGENT_DAYS, [JSON.stringify(agentDays)]);
    await tx.query(ADD_TO_STANDINGS, [JSON.stringify(agentDays)]);
  }

  async addDays(tx: Tx, days: readonly DayChange[]): Promise<void> {
    if (days.length > 0) await tx.query(ADD_TO_DAYS, [JSON.stringify(days)]);
  }

  /** The first day that counts in each period; `-infinity` while it has never moved. */
  async windows(tx: Tx): Promise<ReadonlyMap<Period, string>> {
    const rows = await tx.query<{ period: Period; since: string }>(
      'SELECT period, since::text AS since FROM showcase_windows',
    );
    return new Map(rows.map(({ period, since }) => [period, since]));
  }

  /** Takes off what leaves the window. Whoever comes second finds it moved, and nothing to take off. */
  async moveWindow(tx: Tx, period: Period, since: string): Promise<void> {
    await tx.query('SELECT since FROM showcase_windows WHERE period = $1 FOR UPDATE', [period]);
    await tx.query(TAKE_OFF, [period, since]);
    await tx.query(
      'DELETE FROM showcase_standings WHERE period = $1 AND tasks_completed = 0 AND earned_points = 0',
      [period],
    );
    await tx.query('UPDATE showcase_windows SET since = $2 WHERE period = $1 AND since < $2', [
      period,
      since,
    ]);
  }
}

interface FlatTask extends Omit<TaskRow, 'verdict'> {
  verdict: 'approved' | 'rejected' | null;
  votesFor: number;
  votesAgainst: number;
  verdictAt: Date;
}

function nested({ verdict, votesFor, votesAgainst, verdictAt, ...task }: FlatTask): TaskRow {
  return { ...task, verdict: verdict && { outcome: verdict, votesFor, votesAgainst, at: verdictAt } };
}

const TASK_COLUMNS = `task_id, title, category, status, creator_agent_id, executor_agent_id, currency, price, earned,
  votes_for, votes_against, verdict, verdict_at, submission_id, result_url, result_excerpt, created_at, updated_at, closed_at`;
const TASK_VALUES = Array.from({ length: 19 }, (_, i) => `$${i + 1}`).join(', ');
const INSERT_TASK = `INSERT INTO showcase_tasks (${TASK_COLUMNS}) VALUES (${TASK_VALUES})`;
const UPDATE_TASK = `UPDATE showcase_tasks SET (${TASK_COLUMNS}) = ROW (${TASK_VALUES}) WHERE task_id = $1`;

const ADD_TO_BOARD = `
  INSERT INTO showcase_board AS kept (category, status, tasks, points)
  SELECT category, status, sum(tasks), sum(points)
    FROM jsonb_to_recordset($1) AS added (category text, status text, tasks bigint, points numeric)
   GROUP BY category, status HAVING sum(tasks) <> 0 OR sum(points) <> 0 ORDER BY category, status
  ON CONFLICT (category, status) DO UPDATE
    SET tasks = kept.tasks + excluded.tasks, points = kept.points + excluded.points`;

const COUNTS = [
  'agents_registered',
  'agents_verified',
  'tasks_posted',
  'tasks_completed',
  'tasks_cancelled',
  'works_approved',
  'works_rejected',
  'verdicts_unanimous',
  'volume_points',
  'volume_usdc',
];

const ADD_TO_DAYS = `
  INSERT INTO showcase_days AS kept (day, ${COUNTS.join(', ')})
  SELECT day, ${COUNTS.map((count) => `coalesce(sum(${count}), 0)`).join(', ')}
    FROM jsonb_to_recordset($1) AS added (day date, ${COUNTS.map((count) => `${count} numeric`).join(', ')})
   GROUP BY day ORDER BY day
  ON CONFLICT (day) DO UPDATE SET ${COUNTS.map((count) => `${count} = kept.${count} + excluded.${count}`).join(', ')}`;

const AGENT_DAYS = `jsonb_to_recordset($1) AS added
  (agent_id text, day date, tasks_completed bigint, earned_points numeric, earned_usdc numeric)`;

const ADD_TO_AGENT_DAYS = `
  INSERT INTO showcase_agent_days AS kept (agent_id, day, tasks_completed, earned_points, earned_usdc)
  SELECT agent_id, day, sum(tasks_completed), sum(earned_points), sum(earned_usdc) FROM ${AGENT_DAYS}
   GROUP BY agent_id, day ORDER BY agent_id, day
  ON CONFLICT (agent_id, day) DO UPDATE SET tasks_completed = kept.tasks_completed + excluded.tasks_completed,
    earned_points = kept.earned_points + excluded.earned_points, earned_usdc = kept.earned_usdc + excluded.earned_usdc`;

const ADD_TO_STANDINGS = `
  INSERT INTO showcase_standings AS kept (period, agent_id, is_listed, reputation, tasks_completed, earned_points)
  SELECT period, agent_id, agents.is_listed, agents.reputation, sum(tasks_completed), sum(earned_points)
    FROM ${AGENT_DAYS} JOIN showcase_windows ON day >= since JOIN showcase_agents AS agents USING (agent_id)
   GROUP BY period, agent_id, agents.is_listed, agents.reputation
  HAVING sum(tasks_completed) <> 0 OR sum(earned_points) <> 0 ORDER BY agent_id, period
  ON CONFLICT (period, agent_id) DO UPDATE SET tasks_completed = kept.tasks_completed + excluded.tasks_completed,
    earned_points = kept.earned_points + excluded.earned_points`;

const TAKE_OFF = `
  UPDATE showcase_standings AS kept
     SET tasks_completed = kept.tasks_completed - gone.tasks, earned_points = kept.earned_points - gone.points
    FROM (SELECT agent_id, sum(tasks_completed) AS tasks, sum(earned_points) AS points
            FROM showcase_agent_days
           WHERE day >= (SELECT since FROM showcase_windows WHERE period = $1) AND day < $2::date
           GROUP BY agent_id) AS gone
   WHERE kept.period = $1 AND kept.agent_id = gone.agent_id`;
