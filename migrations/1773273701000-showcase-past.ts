import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What happened before the showcase counted, counted once: the figures of an installation that is older than them are
 * those of its whole life. What has been counted already is left as it is.
 */
export class ShowcasePast1773273701000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(FROM_HERE_ON);
    // Whoever counts meanwhile, in a process of the version before, waits and then finds it counted.
    await queryRunner.query('LOCK TABLE showcase_tasks, showcase_agents IN SHARE ROW EXCLUSIVE MODE');
    await queryRunner.query(AGENTS);
    await queryRunner.query(SCORES);
    await queryRunner.query(TASKS);
  }

  /** The sums of what has been counted are right with it as without it. */
  async down(): Promise<void> {}
}

/** What is announced after the past was read is news, also before a process that counts it has started. */
const FROM_HERE_ON = `
INSERT INTO event_done (subscriber, shard, position)
  SELECT subscriber, shard, (SELECT coalesce(max(position), 0) FROM outbox)
    FROM unnest(ARRAY['showcase-agents', 'showcase-tasks']) AS subscriber, generate_series(0, 3) AS shard
  ON CONFLICT DO NOTHING`;

/** A row without a day of registration was made for somebody's earnings, before any news of the agent. */
const AGENTS = `
WITH known AS (
  SELECT id, (created_at AT TIME ZONE 'UTC')::date AS registered, (verified_at AT TIME ZONE 'UTC')::date AS verified,
         status <> 'suspended' AS is_listed, reputation_score AS reputation
    FROM agents WHERE id <> 'agt_system'
     AND NOT EXISTS (SELECT FROM showcase_agents WHERE agent_id = id AND registered IS NOT NULL)
), agents_counted AS (
  INSERT INTO showcase_agents (agent_id, registered, verified, is_listed, reputation) SELECT * FROM known
  ON CONFLICT (agent_id) DO UPDATE SET registered = excluded.registered, verified = excluded.verified,
    is_listed = excluded.is_listed, reputation = excluded.reputation
), days_counted AS (
  INSERT INTO showcase_days AS kept (day, agents_registered, agents_verified)
  SELECT day, sum(came), sum(was_verified)
    FROM (SELECT registered AS day, 1 AS came, 0 AS was_verified FROM known
          UNION ALL SELECT verified, 0, 1 FROM known WHERE verified IS NOT NULL) AS arrivals
   GROUP BY day ORDER BY day
  ON CONFLICT (day) DO UPDATE SET agents_registered = kept.agents_registered + excluded.agents_registered,
    agents_verified = kept.agents_verified + excluded.agents_verified
), elsewhere AS (
  UPDATE showcase_standings AS kept SET is_listed = known.is_listed, reputation = known.reputation
    FROM known WHERE kept.agent_id = known.id AND period <> 'all'
)
INSERT INTO showcase_standings (period, agent_id, is_listed, reputation)
SELECT 'all', id, is_listed, reputation FROM known ORDER BY id
ON CONFLICT (period, agent_id) DO UPDATE SET is_listed = excluded.is_listed, reputation = excluded.reputation`;

/** The last score of each day on which one changed. */
const SCORES = `
INSERT INTO showcase_agent_days AS kept (agent_id, day, reputation)
SELECT DISTINCT ON (agent_id, day) agent_id, day, score / 100.0
  FROM (SELECT id, agent_id, (at AT TIME ZONE 'UTC')::date AS day, score FROM reputation_changes) AS changes
 ORDER BY agent_id, day, id DESC
ON CONFLICT (agent_id, day) DO UPDATE SET reputation = coalesce(kept.reputation, excluded.reputation)`;

/**
 * The votes behind the first verdict: those that were announced with it or, where the announcement has been forgotten,
 * those of the panel that found it, before any dispute. Without a vote nobody has judged.
 */
const VERDICTS = `
verdicts AS (
  SELECT s.task_id, s.id AS submission_id, s.result_url, s.result_content, told.votes_for, told.votes_against,
         CASE WHEN told.votes_for + told.votes_against > 0 THEN told.verdict END AS verdict, told.at
    FROM submissions AS s
         LEFT JOIN judgements AS j ON j.submission_id = s.id
         LEFT JOIN disputes AS d ON d.submission_id = s.id
         LEFT JOIN LATERAL (
           SELECT split_part(name, '.', 2) AS verdict, (data ->> 'votes_for')::int AS votes_for,
                  (data ->> 'votes_against')::int AS votes_against, at
             FROM outbox WHERE subject = s.task_id AND public AND name IN ('submission.approved', 'submission.rejected')
            ORDER BY row_id LIMIT 1) AS announced ON true
         LEFT JOIN LATERAL (
           SELECT (count(*) FILTER (WHERE approved))::int AS votes_for,
                  (count(*) FILTER (WHERE NOT approved))::int AS votes_against, max(ended_at) AS at
             FROM (SELECT approved, ended_at, rank() OVER (ORDER BY panel = 'deadlock' DESC) AS place FROM validations
                    WHERE submission_id = s.id AND panel <> 'dispute' AND approved IS NOT NULL) AS votes
            WHERE place = 1) AS voted ON announced.verdict IS NULL,
         LATERAL (SELECT coalesce(announced.verdict, d.verdict, j.outcome) AS verdict,
                         coalesce(announced.votes_for, voted.votes_for) AS votes_for,
                         coalesce(announced.votes_against, voted.votes_against) AS votes_against,
                         coalesce(announced.at, CASE WHEN d.status = 'won' THEN voted.at END, s.decided_at) AS at) AS told
   WHERE s.status IN ('approved', 'rejected')
)`;

const TASKS = `
WITH ${VERDICTS}, counted AS (
  INSERT INTO showcase_tasks (task_id, title, category, status, creator_agent_id, executor_agent_id, currency, price,
    earned, votes_for, votes_against, verdict, verdict_at, submission_id, result_url, result_excerpt, created_at,
    updated_at, closed_at)
  SELECT t.id, title, category, status, creator_agent_id, executor_agent_id,
         coalesce(accepted_currency, CASE WHEN price_points IS NULL THEN 'usdc' ELSE 'points' END),
         coalesce(accepted_price, price_points, price_usdc),
         CASE WHEN payout_state = 'paid' THEN coalesce(payout_amount, 0) ELSE 0 END,
         CASE WHEN v.verdict IS NOT NULL THEN v.votes_for END, CASE WHEN v.verdict IS NOT NULL THEN v.votes_against END,
         v.verdict, CASE WHEN v.verdict IS NOT NULL THEN v.at END, v.submission_id,
         CASE WHEN status = 'completed' THEN v.result_url END,
         CASE WHEN status = 'completed' THEN left(v.result_content, 500) END, created_at, updated_at, closed_at
    FROM tasks AS t LEFT JOIN verdicts AS v ON v.task_id = t.id
   WHERE NOT EXISTS (SELECT FROM showcase_tasks AS known WHERE known.task_id = t.id)
  RETURNING *
), board AS (
  INSERT INTO showcase_board AS kept (category, status, tasks, points)
  SELECT category, status, count(*), coalesce(sum(price) FILTER (WHERE currency = 'points'), 0) FROM counted
   GROUP BY category, status ORDER BY category, status
  ON CONFLICT (category, status) DO UPDATE
    SET tasks = kept.tasks + excluded.tasks, points = kept.points + excluded.points
), days AS (
  INSERT INTO showcase_days AS kept (day, tasks_posted, tasks_completed, tasks_cancelled, volume_points, volume_usdc,
    works_approved, works_rejected, verdicts_unanimous)
  SELECT (at AT TIME ZONE 'UTC')::date AS day, count(*) FILTER (WHERE what = 'posted'),
         count(*) FILTER (WHERE what = 'completed'), count(*) FILTER (WHERE what = 'cancelled'),
         coalesce(sum(price) FILTER (WHERE what = 'completed' AND currency = 'points'), 0),
         coalesce(sum(price) FILTER (WHERE what = 'completed' AND currency = 'usdc'), 0),
         count(*) FILTER (WHERE what = 'approved'), count(*) FILTER (WHERE what = 'rejected'),
         count(*) FILTER (WHERE what IN ('approved', 'rejected') AND least(votes_for, votes_against) = 0)
    FROM (SELECT 'posted' AS what, created_at AS at, counted.* FROM counted
          UNION ALL SELECT status, closed_at, counted.* FROM counted
                     WHERE status IN ('completed', 'cancelled') AND closed_at IS NOT NULL
          UNION ALL SELECT verdict, verdict_at, counted.* FROM counted WHERE verdict IS NOT NULL) AS moments
   GROUP BY day ORDER BY day
  ON CONFLICT (day) DO UPDATE SET tasks_posted = kept.tasks_posted + excluded.tasks_posted,
    tasks_completed = kept.tasks_completed + excluded.tasks_completed,
    tasks_cancelled = kept.tasks_cancelled + excluded.tasks_cancelled,
    volume_points = kept.volume_points + excluded.volume_points, volume_usdc = kept.volume_usdc + excluded.volume_usdc,
    works_approved = kept.works_approved + excluded.works_approved,
    works_rejected = kept.works_rejected + excluded.works_rejected,
    verdicts_unanimous = kept.verdicts_unanimous + excluded.verdicts_unanimous
), earned AS (
  SELECT executor_agent_id AS agent_id, (closed_at AT TIME ZONE 'UTC')::date AS day, count(*) AS tasks_completed,
         coalesce(sum(earned) FILTER (WHERE currency = 'points'), 0) AS earned_points,
         coalesce(sum(earned) FILTER (WHERE currency = 'usdc'), 0) AS earned_usdc
    FROM counted WHERE status = 'completed' AND closed_at IS NOT NULL AND executor_agent_id IS NOT NULL
   GROUP BY 1, 2
), agent_days AS (
  INSERT INTO showcase_agent_days AS kept (agent_id, day, tasks_completed, earned_points, earned_usdc)
  SELECT * FROM earned ORDER BY agent_id, day
  ON CONFLICT (agent_id, day) DO UPDATE SET tasks_completed = kept.tasks_completed + excluded.tasks_completed,
    earned_points = kept.earned_points + excluded.earned_points, earned_usdc = kept.earned_usdc + excluded.earned_usdc
)
INSERT INTO showcase_standings AS kept (period, agent_id, is_listed, reputation, tasks_completed, earned_points)
SELECT period, agent_id, is_listed, reputation, sum(tasks_completed), sum(earned_points)
  FROM earned JOIN showcase_windows ON day >= since JOIN showcase_agents USING (agent_id)
 GROUP BY period, agent_id, is_listed, reputation ORDER BY agent_id, period
ON CONFLICT (period, agent_id) DO UPDATE SET tasks_completed = kept.tasks_completed + excluded.tasks_completed,
  earned_points = kept.earned_points + excluded.earned_points`;
