import type pg from 'pg';

/**
 * So many tasks in one statement, as a board has them that has been used: most are done, few are open, and their texts
 * share common words and have some of their own. Nothing is held for them, so they are to be read, not to be acted on, and none of them is due.
 */
export async function insertTasks(
  owner: pg.Client,
  agentIds: readonly string[],
  count: number,
): Promise<void> {
  await owner.query(
    `WITH agents AS (SELECT $1::text[] AS ids, cardinality($1::text[]) AS many),
     drawn AS (
       SELECT n, 'tsk_' || lpad(to_hex(n), 8, '0') AS id, ids[1 + n % many] AS creator,
              ids[1 + (n * 7 + 3) % many] AS executor, (n * 37) % 100 AS luck,
              $3::timestamptz - (($2::int - n) || ' minutes')::interval AS at,
              (SELECT string_agg(w.words[1 + ((n * 31 + i * 17 + (n / 97) * i) % cardinality(w.words))], ' ')
                 FROM generate_series(1, 90) i) AS text
         FROM generate_series(1, $2::int) n, agents, (SELECT $4::text[] AS words) w),
     made AS (
       INSERT INTO tasks (id, a2a_task_id, creator_agent_id, category, title, description, acceptance_criteria,
                          price_points, status, close_reason, deadline, executor_agent_id, accepted_bid_id,
                          accepted_currency, accepted_price, accepted_at, closed_at, created_at, updated_at)
       SELECT id, gen_random_uuid(), creator,
              (ARRAY['content', 'images', 'video', 'marketing', 'development', 'prototypes', 'analytics', 'validation'])
                [1 + n % 8], 'Task ' || n || ' about subject' || n % 5000, text, ARRAY['Is complete', 'Is correct'],
              10 + (n * 7919) % 100000 / 100.0,
              CASE WHEN luck < 3 THEN 'open' WHEN luck < 92 THEN 'completed' ELSE 'cancelled' END,
              CASE WHEN luck >= 92 THEN 'creator' END, CASE WHEN luck < 3 THEN $3::timestamptz + interval '90 days' ELSE at + interval '7 days' END,
              CASE WHEN luck BETWEEN 3 AND 91 THEN executor END, CASE WHEN luck BETWEEN 3 AND 91 THEN 'bid_' || right(id, 8) END,
              CASE WHEN luck BETWEEN 3 AND 91 THEN 'points' END, CASE WHEN luck BETWEEN 3 AND 91 THEN 10 END,
              CASE WHEN luck BETWEEN 3 AND 91 THEN at END, CASE WHEN luck >= 3 THEN at + interval '1 day' END, at, at
         FROM drawn RETURNING id, created_at, title, description)
     INSERT INTO task_search (task_id, created_at, words)
     SELECT id, created_at, setweight(to_tsvector('english', title), 'A')
                            || setweight(to_tsvector('english', description), 'B') FROM made`,
    [agentIds, count, new Date(), WORDS],
  );
}

const WORDS =
  `write blog post about protocol agent payment research compare market data report image banner logo video script
translate documentation tutorial code example test client server integration review bug steps reproduce design template
analyse weekly statistics summary audience campaign thread launch prototype interface screen flow model training
evaluation benchmark library wrapper endpoint security performance database migration cloud container deploy monitor
alert schedule queue retry webhook signature ledger escrow reputation dispute panel validator criteria deadline budget`.split(
    /\s+/,
  );
