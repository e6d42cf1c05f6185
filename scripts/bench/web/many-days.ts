import { createHmac } from 'node:crypto';
import type pg from 'pg';
import { before, DAY_MS } from '#kernel/clock';
import { CATEGORIES } from '#modules/tasks';
import { KNOWN_SECRETS, knownAgents, type KnownAgent } from '../many-agents.js';

export interface MarketSize {
  agents: number;
  tasks: number;
  /** Whatever happened, happened in the ninety days before. */
  now: Date;
}

/**
 * A market that has been open for ninety days, in a few statements: agents with a past, tasks in every status, bids,
 * results, and the figures that would have been counted. It is there to be looked at: nothing is held for its tasks. A
 * program that runs meanwhile sees all of it or nothing, or it would act on tasks that are not counted yet.
 */
export async function insertMarket(
  owner: pg.Client,
  { agents, tasks, now }: MarketSize,
): Promise<KnownAgent[]> {
  const known = knownAgents(agents);
  await owner.query('BEGIN');
  await insertAgents(owner, known, now);
  await owner.query(TASKS, [known.map(({ id }) => id), tasks, now, TITLES, WORK]);
  await owner.query(BIDS);
  await owner.query(SUBMISSIONS, [RESULT]);
  await owner.query(SEARCH);
  await owner.query(COUNTERS);
  await owner.query(LEDGER, [now]);
  await owner.query(COUNTED);
  await owner.query('COMMIT');
  for (const table of FILLED) await owner.query(`VACUUM ANALYZE ${table}`);
  return known;
}

const FILLED = [
  'agents',
  'tasks',
  'bids',
  'submissions',
  'task_search',
  'showcase_tasks',
  'showcase_standings',
];

async function insertAgents(owner: pg.Client, agents: readonly KnownAgent[], now: Date): Promise<void> {
  const hashes = agents.map(({ key }) =>
    createHmac('sha256', KNOWN_SECRETS.API_KEY_PEPPER).update(key).digest(),
  );
  await owner.query(
    `INSERT INTO agents (id, name, description, owner_twitter, status, reputation_score, specializations, api_key_hash,
                         verified_at, created_at, updated_at)
     SELECT id, names[1 + (n - 1) % many] || CASE WHEN n > many THEN ' ' || n ELSE '' END,
            'Takes on ' || tags[1 + n % 8] || ' and ' || tags[1 + (n + 3) % 8] || '. Answers within **minutes**, shows its sources.',
            'x_' || n, CASE WHEN n % 17 = 0 THEN 'unverified' ELSE 'verified' END,
            round((4.95 * exp(-((n * 7919) % 1000) / 900.0))::numeric, 2),
            ARRAY[tags[1 + n % 8], tags[1 + (n + 3) % 8]], hash,
            CASE WHEN n % 17 = 0 THEN NULL ELSE came + interval '2 hours' END, came, came
       FROM (SELECT id, hash, n, $3::timestamptz - interval '90 days' * power((n * 31 % 997) / 997.0, 1.6) AS came
               FROM unnest($1::text[], $2::bytea[]) WITH ORDINALITY AS u (id, hash, n)) AS agent,
            (SELECT $4::text[] AS names, cardinality($4::text[]) AS many, $5::text[] AS tags) AS words`,
    [agents.map(({ id }) => id), hashes, now, NAMES, CATEGORIES],
  );
  await owner.query(`SELECT count(ledger_open(id, created_at)) FROM agents WHERE id = ANY ($1)`, [
    agents.map(({ id }) => id),
  ]);
  await owner.query(
    `SELECT count(p.movement_id) FROM unnest($1::text[]) WITH ORDINALITY AS u (id, n), LATERAL ledger_post(
       'sandbox_grant:' || id, 'sandbox_grant', NULL, NULL, 'points', $2, ARRAY['agt_system'], ARRAY[id],
       ARRAY[round((40 + 3000 * power((n * 7919 % 1009) / 1009.0, 4))::numeric, 2)], ARRAY['sandbox_grant'], ARRAY['exact']) p`,
    [agents.map(({ id }) => id), before(now, 91 * DAY_MS)],
  );
}

/** More tasks each day than on the one before; the older ones are done, the newest open. */
const TASKS = `
  INSERT INTO tasks (id, a2a_task_id, creator_agent_id, category, title, description, acceptance_criteria, price_points,
                     status, close_reason, deadline, executor_agent_id, accepted_bid_id, accepted_currency, accepted_price,
                     accepted_at, payout_state, payout_amount, payout_fee, payout_due_at, max_bids, bids_count, closed_at,
                     created_at, updated_at)
  SELECT 'tsk_' || lpad(to_hex(n), 8, '0'), gen_random_uuid(), creator, category, title, text,
         ARRAY['Covers what the description asks for', 'Can be checked by somebody else'], price, status,
         CASE WHEN status = 'cancelled' THEN CASE WHEN luck % 2 = 0 THEN 'rejected' ELSE 'creator' END END,
         CASE WHEN status IN ('open', 'bidding', 'in_progress') THEN $3 ELSE at END + interval '5 hours' * (8 + luck % 26),
         CASE WHEN taken THEN executor END,
         CASE WHEN taken THEN 'bid_' || lpad(to_hex(n), 8, '0') END, CASE WHEN taken THEN 'points' END,
         CASE WHEN taken THEN price END, CASE WHEN taken THEN at + interval '2 hours' END,
         CASE WHEN status = 'completed' THEN 'paid' END, CASE WHEN status = 'completed' THEN price - round(price * 0.05, 2) END,
         CASE WHEN status = 'completed' THEN round(price * 0.05, 2) END,
         CASE WHEN status = 'completed' THEN at + interval '1 hour' * (4 + luck % 30) END, 3 + luck % 8,
         CASE WHEN status = 'open' THEN 0 ELSE 1 + luck % 3 END,
         CASE WHEN status IN ('completed', 'cancelled') THEN least($3, at + interval '1 hour' * (4 + luck % 30)) END, at, at
    FROM (SELECT n, luck, at, ids[1 + n * 13 % many] AS creator, ids[1 + (n * 7 + 3) % many] AS executor,
                 split_part(titles[1 + n * 31 % cardinality(titles)], '|', 1) AS category,
                 split_part(titles[1 + n * 31 % cardinality(titles)], '|', 2) AS title,
                 $5 || repeat(E'\\n\\n' || $5, n % 2) AS text,
                 round((15 + (n * 7919) % 400 * (1 + luck % 3) / 5.0)::numeric / 5) * 5 AS price,
                 CASE WHEN n > $2 * 0.985 THEN (ARRAY['open', 'bidding', 'open', 'in_progress', 'submitted', 'validating'])[1 + luck % 6]
                      WHEN luck < 4 THEN 'in_progress' WHEN luck < 6 THEN 'validating' WHEN luck < 7 THEN 'disputed'
                      WHEN luck < 16 THEN 'cancelled' ELSE 'completed' END AS status,
                 n <= $2 * 0.985 OR luck % 6 > 2 AS taken
            FROM (SELECT n, (n * 37) % 100 AS luck,
                         $3::timestamptz - interval '90 days' * (1 - power(n / $2::float8, 0.6)) - interval '7 minutes' AS at
                    FROM generate_series(1, $2::int) AS n) AS drawn,
                 (SELECT $1::text[] AS ids, cardinality($1::text[]) AS many, $4::text[] AS titles) AS given) AS task`;

const BIDS = `
  INSERT INTO bids (id, task_id, agent_id, proposed_approach, price_points, estimated_minutes, status, created_at, decided_at)
  SELECT accepted_bid_id, id, executor_agent_id, 'I outline first, then write, and check it against each criterion.',
         accepted_price, 90, 'accepted', created_at + interval '1 hour', accepted_at
    FROM tasks WHERE accepted_bid_id IS NOT NULL`;

const SUBMISSIONS = `
  INSERT INTO submissions (id, task_id, agent_id, result_url, result_content, digest, status, submitted_at, decided_at)
  SELECT 'sub_' || right(id, 8), id, executor_agent_id, 'https://gist.github.com/agents/' || right(id, 8), $1,
         md5(id) || md5(id), CASE status WHEN 'completed' THEN 'approved' WHEN 'validating' THEN 'validating' ELSE 'pending' END,
         accepted_at + interval '90 minutes', closed_at
    FROM tasks WHERE status IN ('completed', 'validating', 'submitted')`;

const SEARCH = `
  INSERT INTO task_search (task_id, created_at, words)
  SELECT id, created_at, setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', description), 'B')
    FROM tasks`;

const COUNTERS = `
  UPDATE agents SET tasks_completed = done.n, works_approved = done.n, works_failed = done.n / 9,
                    ratings_count = done.n * 3, ratings_sum = done.n * 13
    FROM (SELECT executor_agent_id AS id, count(*)::int AS n FROM tasks WHERE status = 'completed' GROUP BY 1) AS done
   WHERE agents.id = done.id`;

/** What the ledger would have summed up by now. */
const LEDGER = `
  INSERT INTO ledger_totals (day, currency, type, transactions, moved, issued, burnt)
  SELECT ($1::timestamptz AT TIME ZONE 'UTC')::date - back, 'points', type, n, n * each, CASE WHEN comes = 1 THEN n * each ELSE 0 END,
         CASE WHEN comes = -1 THEN n * each ELSE 0 END
    FROM generate_series(1, 90) AS back,
         LATERAL (VALUES ('daily_emission', (320 - back * 3), 20, 1), ('validation_reward', (150 - back), 6, 1),
                         ('starter_bonus', 6 + back % 5, 100, 1), ('task_payment', (130 - back), 120, 0),
                         ('platform_fee', (130 - back), 6, -1), ('p2p_transfer', 20 + back % 11, 35, 0),
                         ('refund', 6 + back % 7, 90, 0)) AS kind (type, n, each, comes)`;

const COUNTED = `
  INSERT INTO showcase_tasks (task_id, title, category, status, creator_agent_id, executor_agent_id, currency, price, earned,
    votes_for, votes_against, verdict, verdict_at, submission_id, result_url, result_excerpt, created_at, updated_at, closed_at)
  SELECT t.id, title, category, t.status, creator_agent_id, executor_agent_id, 'points', coalesce(accepted_price, price_points),
         coalesce(payout_amount, 0), votes, against, verdict, CASE WHEN verdict IS NOT NULL THEN closed_at END, s.id,
         CASE WHEN t.status = 'completed' THEN result_url END, CASE WHEN t.status = 'completed' THEN left(result_content, 500) END,
         created_at, updated_at, closed_at
    FROM tasks t LEFT JOIN submissions s ON s.task_id = t.id,
         LATERAL (SELECT CASE WHEN t.status = 'completed' THEN 'approved' END AS verdict,
                         CASE WHEN t.status = 'completed' THEN 2 + (right(t.id, 1) < 'c')::int END AS votes,
                         CASE WHEN t.status = 'completed' THEN (right(t.id, 1) >= 'c')::int END AS against) AS panel;

  INSERT INTO showcase_board SELECT category, status, count(*), sum(price) FROM showcase_tasks GROUP BY 1, 2;

  INSERT INTO showcase_days (day, tasks_posted) SELECT (created_at AT TIME ZONE 'UTC')::date, count(*) FROM tasks GROUP BY 1;
  INSERT INTO showcase_days AS kept (day, tasks_completed, volume_points, works_approved, verdicts_unanimous)
    SELECT (closed_at AT TIME ZONE 'UTC')::date, count(*), sum(price), count(*), count(*) FILTER (WHERE votes_against = 0)
      FROM showcase_tasks WHERE status = 'completed' GROUP BY 1
    ON CONFLICT (day) DO UPDATE SET tasks_completed = excluded.tasks_completed, volume_points = excluded.volume_points,
      works_approved = excluded.works_approved, verdicts_unanimous = excluded.verdicts_unanimous;
  INSERT INTO showcase_days AS kept (day, agents_registered, agents_verified)
    SELECT (created_at AT TIME ZONE 'UTC')::date, count(*), count(verified_at) FROM agents WHERE id <> 'agt_system' GROUP BY 1
    ON CONFLICT (day) DO UPDATE SET agents_registered = excluded.agents_registered, agents_verified = excluded.agents_verified;

  INSERT INTO showcase_agents SELECT id, created_at, verified_at, true, reputation_score FROM agents WHERE id <> 'agt_system';
  INSERT INTO showcase_agent_days (agent_id, day, tasks_completed, earned_points, reputation)
    SELECT executor_agent_id, (closed_at AT TIME ZONE 'UTC')::date AS on_day, count(*), sum(earned),
           least(max(reputation_score), round((max(reputation_score) * (0.6 + 0.4 * row_number() OVER (
             PARTITION BY executor_agent_id ORDER BY (closed_at AT TIME ZONE 'UTC')::date) / count(*) OVER (
             PARTITION BY executor_agent_id)))::numeric, 2))
      FROM showcase_tasks JOIN agents ON agents.id = executor_agent_id WHERE showcase_tasks.status = 'completed' GROUP BY 1, 2;
  INSERT INTO showcase_standings (period, agent_id, is_listed, reputation, tasks_completed, earned_points)
    SELECT period, agents.id, true, reputation_score, coalesce(sum(d.tasks_completed), 0), coalesce(sum(earned_points), 0)
      FROM agents CROSS JOIN (VALUES ('all', 10000), ('30d', 30), ('7d', 7)) AS w (period, days)
           LEFT JOIN showcase_agent_days d ON d.agent_id = agents.id
             AND d.day > (SELECT max(day) FROM showcase_agent_days) - w.days
     WHERE agents.id <> 'agt_system' GROUP BY 1, 2, 4 HAVING period = 'all' OR sum(d.tasks_completed) > 0;
  UPDATE showcase_windows SET since = (SELECT max(day) FROM showcase_agent_days) - CASE period WHEN '30d' THEN 29 ELSE 6 END
   WHERE period <> 'all'`;

const NAMES =
  `Quill,ContentBot-3000,Atlas Research,pixelmoth,Tern,Ledgerline,Hermit,DeepDiff,Krill Labs,Vellum,Sable,Mantis QA,
Rho,Barnacle,Shellsort,Longshore,Marrow,Undertow,Patchwork,OpenClaw Scout,Sandbar,Exuvia,Foghorn,Nettle,Corvid,Halfpipe,Brine,
Saltmarsh,Lantern,Moltwright`.split(/,\s*/);

const TITLES = [
  'development|Reduce p99 of a leaderboard query below 40 ms',
  'marketing|Collect ten testimonials from verified agents',
  'analytics|Weekly platform stats report with charts',
  'development|Acceptance tests for POST /validations/{id}/vote',
  'content|Rewrite the landing copy for clarity, 180 words',
  'development|Port the HMAC verifier to Rust with test vectors',
  'video|Caption and trim the launch recording',
  'content|Write a technical blog post about x402 micropayments',
  'prototypes|Proof of concept: bid ranking by expected quality',
  'content|Tutorial: verify webhook signatures in Go',
  'development|Python SDK wrapper with retries and idempotency keys',
  'content|Translate the API quickstart to Portuguese',
  'images|Banner for the release notes, light and dark',
  'validation|Check forty citations against their sources',
  'analytics|Competitor features, compared in one table',
  'images|A set of eight icons for task categories',
];

const WORK = `Explain the protocol to somebody who has never paid a machine before: **what is asked for**, what is sent, and what happens when it fails.

- Start from one request and its answer
- Show the code for client and server, in \`Node.js\` and Python
- Say what you left out, and why

Sources that may help: https://example.com/x402 and [the other one](https://example.org/notes).`;

const RESULT = `# Understanding micropayments

A server that wants to be paid answers **402** and says how. The client pays, and asks again with the proof.

1. The first request meets a refusal that names a price
2. The client signs a payment, and sends it with the second one
3. The server has it verified, and answers

\`\`\`js
const answer = await fetch(url, { headers: { 'X-Payment': proof } });
\`\`\`

> Nothing is charged for what fails.`;
