import { Injectable } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import type { Changes, CountedAgent, CountedTask, DayChange } from '../domain/contribution.js';
import type { Period } from '../domain/windows.js';

/** What was counted of a task, and what is shown of its result. */
export interface TaskRow extends CountedTask {
  submissionId: string | null;
  resultUrl: string | null;
  resultExcerpt: string | null;
  updatedAt: Date;
}

export interface AgentRow extends CountedAgent {
  agentId: string;
}

/** What an agent's score was at the end of a day. */
export interface DayScore {
  agentId: string;
  day: string;
  score: string;
}

/**
 * Keeps the figures. Locks in one order: the tasks' rows, their executors', the windows, and then the figures, each
 * table by its key.
 */
@Injectable()
export class CountStore {
  /** By id; those of them that were counted before. */
  async lockTasks(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, TaskRow>> {
    const rows = await tx.prepared<FlatTask>('lock-counted-tasks', LOCK_TASKS, [ids]);
    return new Map(rows.map((row) => [row.taskId, nested(row)]));
  }

  /** Without ON CONFLICT for a task that was not there: of two that count it for the first time, one fails. */
  keepTasks(tx: Tx, tasks: readonly TaskRow[], counted: ReadonlyMap<string, unknown>): void {
    const [known, fresh] = [true, false].map((wanted) =>
      tasks.filter(({ taskId }) => counted.has(taskId) === wanted),
    ) as [TaskRow[], TaskRow[]];
    if (known.length > 0) tx.write('recount-tasks', UPDATE_TASKS, [json(known.map(flat))]);
    if (fresh.length > 0) tx.write('count-tasks', INSERT_TASKS, [json(fresh.map(flat))]);
  }

  /** By id. An agent may earn before its registration is counted, so the first event creates its row. */
  async lockAgents(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, CountedAgent>> {
    tx.write(
      'meet-agents',
      `INSERT INTO showcase_agents (agent_id) SELECT id FROM unnest($1::text[]) AS id ORDER BY id ON CONFLICT DO NOTHING`,
      [ids],
    );
    const rows = await tx.prepared<AgentRow>(
      'lock-counted-agents',
      `SELECT agent_id AS "agentId", registered::text AS registered, verified::text AS verified,
              is_listed AS "isListed", reputation::text AS reputation
         FROM showcase_agents WHERE agent_id = ANY ($1) ORDER BY agent_id FOR UPDATE`,
      [ids],
    );
    return new Map(rows.map((row) => [row.agentId, row]));
  }

  /** Wherever the agents stand, they stand there as they are now; and the score that a day ended with is kept with it. */
  keepAgents(tx: Tx, agents: readonly AgentRow[], scores: readonly DayScore[]): void {
    this.holdWindows(tx);
    tx.write('keep-agents', KEEP_AGENTS, [json(agents)]);
    if (scores.length > 0) tx.write('keep-scores', KEEP_SCORES, [json(scores)]);
  }

  async add(tx: Tx, { board, days, agentDays }: Changes): Promise<void> {
    if (agentDays.length > 0) {
      await this.lockAgents(tx, [...new Set(agentDays.map(({ agent_id }) => agent_id))]);
      this.holdWindows(tx);
    }
    if (board.length > 0) tx.write('add-to-board', ADD_TO_BOARD, [json(board)]);
    this.addDays(tx, days);
    if (agentDays.length === 0) return;
    tx.write('add-to-agent-days', ADD_TO_AGENT_DAYS, [json(agentDays)]);
    tx.write('add-to-standings', ADD_TO_STANDINGS, [json(agentDays)]);
  }

  /** Held until the commit, so that no window moves between the days and the standings that follow from them. */
  private holdWindows(tx: Tx): void {
    tx.write('hold-windows', 'SELECT period FROM showcase_windows ORDER BY period FOR SHARE', []);
  }

  addDays(tx: Tx, days: readonly DayChange[]): void {
    if (days.length > 0) tx.write('add-to-days', ADD_TO_DAYS, [json(days)]);
  }

  /** The first day that counts in each period; `-infinity` while it has never moved. */
  async windows(tx: Tx): Promise<ReadonlyMap<Period, string>> {
    const rows = await tx.query<{ period: Period; since: string }>(
      'SELECT period, since::text AS since FROM showcase_windows',
    );
    return new Map(rows.map(({ period, since }) => [period, since]));
  }

  /** Subtracts the day that leaves the window. A second process finds it moved and subtracts nothing. */
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
  votesFor: number | null;
  votesAgainst: number | null;
  verdictAt: Date | null;
}

/** A constraint of the table says that all of a verdict is there, or nothing. */
const nested = ({ verdict, votesFor, votesAgainst, verdictAt, ...task }: FlatTask): TaskRow => ({
  ...task,
  verdict: verdict && { outcome: verdict, votesFor: votesFor!, votesAgainst: votesAgainst!, at: verdictAt! },
});

const flat = ({ verdict, ...task }: TaskRow): FlatTask => ({
  ...task,
  verdict: verdict?.outcome ?? null,
  votesFor: verdict?.votesFor ?? null,
  votesAgainst: verdict?.votesAgainst ?? null,
  verdictAt: verdict?.at ?? null,
});

const json = (rows: readonly object[]): string => JSON.stringify(rows);

/** Each column, its type and the name of its field. */
const TASK_COLUMNS = [
  ['task_id', 'text', 'taskId'],
  ['title', 'text', 'title'],
  ['category', 'text', 'category'],
  ['status', 'text', 'status'],
  ['creator_agent_id', 'text', 'creatorId'],
  ['executor_agent_id', 'text', 'executorId'],
  ['currency', 'text', 'currency'],
  ['price', 'numeric', 'price'],
  ['earned', 'numeric', 'earned'],
  ['votes_for', 'smallint', 'votesFor'],
  ['votes_against', 'smallint', 'votesAgainst'],
  ['verdict', 'text', 'verdict'],
  ['verdict_at', 'timestamptz', 'verdictAt'],
  ['submission_id', 'text', 'submissionId'],
  ['result_url', 'text', 'resultUrl'],
  ['result_excerpt', 'text', 'resultExcerpt'],
  ['created_at', 'timestamptz', 'createdAt'],
  ['updated_at', 'timestamptz', 'updatedAt'],
  ['closed_at', 'timestamptz', 'closedAt'],
] as const;

const COLUMN_NAMES = TASK_COLUMNS.map(([column]) => column).join(', ');
const NOW_VALUES = TASK_COLUMNS.map(([, , field]) => `now."${field}"`).join(', ');
const NOW = `jsonb_to_recordset($1) AS now (${TASK_COLUMNS.map(([, type, field]) => `"${field}" ${type}`).join(', ')})`;

const LOCK_TASKS = `SELECT ${TASK_COLUMNS.map(([column, type, field]) =>
  type === 'numeric' ? `trim_scale(${column})::text AS "${field}"` : `${column} AS "${field}"`,
).join(', ')} FROM showcase_tasks WHERE task_id = ANY ($1) ORDER BY task_id FOR UPDATE`;
const INSERT_TASKS = `INSERT INTO showcase_tasks (${COLUMN_NAMES}) SELECT ${NOW_VALUES} FROM ${NOW} ORDER BY 1`;
/** They are there, and locked: so each is found by its key, whatever PostgreSQL thinks of how many there are. */
const UPDATE_TASKS = `${INSERT_TASKS} ON CONFLICT (task_id) DO UPDATE
  SET (${COLUMN_NAMES}) = ROW (${TASK_COLUMNS.map(([column]) => `excluded.${column}`).join(', ')})`;

const KEEP_AGENTS = `
  WITH now AS (
    SELECT * FROM jsonb_to_recordset($1)
      AS now ("agentId" text, registered date, verified date, "isListed" boolean, reputation numeric)),
  counted AS (
    UPDATE showcase_agents
       SET registered = now.registered, verified = now.verified, is_listed = now."isListed", reputation = now.reputation
      FROM now WHERE agent_id = now."agentId"),
  others AS (
    UPDATE showcase_standings AS kept SET is_listed = now."isListed", reputation = now.reputation
      FROM now CROSS JOIN showcase_windows AS w
     WHERE kept.period = w.period AND kept.agent_id = now."agentId" AND w.period <> 'all')
  INSERT INTO showcase_standings (period, agent_id, is_listed, reputation)
  SELECT 'all', "agentId", "isListed", reputation FROM now ORDER BY "agentId"
  ON CONFLICT (period, agent_id) DO UPDATE SET is_listed = excluded.is_listed, reputation = excluded.reputation`;

const KEEP_SCORES = `
  INSERT INTO showcase_agent_days (agent_id, day, reputation)
  SELECT "agentId", day, score FROM jsonb_to_recordset($1) AS told ("agentId" text, day date, score numeric)
   ORDER BY "agentId", day
  ON CONFLICT (agent_id, day) DO UPDATE SET reputation = excluded.reputation`;

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

/** Most news of a task changes no figure, and must not make others wait for the row of a day. */
const ADD_TO_DAYS = `
  INSERT INTO showcase_days AS kept (day, ${COUNTS.join(', ')})
  SELECT day, ${COUNTS.map((count) => `coalesce(sum(${count}), 0)`).join(', ')}
    FROM jsonb_to_recordset($1) AS added (day date, ${COUNTS.map((count) => `${count} numeric`).join(', ')})
   GROUP BY day HAVING ${COUNTS.map((count) => `sum(${count}) <> 0`).join(' OR ')} ORDER BY day
  ON CONFLICT (day) DO UPDATE SET ${COUNTS.map((count) => `${count} = kept.${count} + excluded.${count}`).join(', ')}`;

const AGENT_DAYS = `jsonb_to_recordset($1) AS added
  (agent_id text, day date, tasks_completed bigint, earned_points numeric, earned_usdc numeric)`;

const ADD_TO_AGENT_DAYS = `
  INSERT INTO showcase_agent_days AS kept (agent_id, day, tasks_completed, earned_points, earned_usdc)
  SELECT agent_id, day, sum(tasks_completed), sum(earned_points), sum(earned_usdc) FROM ${AGENT_DAYS}
   GROUP BY agent_id, day HAVING sum(tasks_completed) <> 0 OR sum(earned_points) <> 0 OR sum(earned_usdc) <> 0
   ORDER BY agent_id, day
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
