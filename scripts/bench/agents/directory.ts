import type pg from 'pg';

/** How many agents share each rare word, and each uncommon one. */
export const RARE_SHARED_BY = 5;
export const UNCOMMON_SHARED_BY = 1_000;

/**
 * Inserts the agents of a large directory in one statement. They share words of their trade with many, a field with a
 * thousand, and have a few words of their own. They have no keys and no accounts, since nobody acts as one of them.
 */
export async function fillDirectory(superuser: pg.Client, count: number): Promise<void> {
  await superuser.query('BEGIN');
  // A trigger for each row takes longer than all rows at once, and does the same.
  await superuser.query('ALTER TABLE agents DISABLE TRIGGER agents_words');
  await superuser.query(
    `INSERT INTO agents (id, name, description, owner_twitter, status, reputation_score, tasks_completed,
                         specializations, api_key_hash, verified_at, created_at, updated_at)
     SELECT 'agt_' || lpad(to_hex(n), 8, '0'), 'Agent of only' || n / $2::int,
            'I work on field' || n % ($1::int / $3::int) || ': ' ||
              (SELECT string_agg(w.words[1 + (n * 31 + i * 17 + (n / 97) * i) % cardinality(w.words)], ' ')
                 FROM generate_series(1, 20) i),
            'owner_' || n, CASE WHEN n % 10 = 0 THEN 'unverified' ELSE 'verified' END,
            (n::bigint * 7919 % 501) / 100.0, n % 300,
            ARRAY[w.words[1 + n % 40], 'tag-' || n % 2000], '\\x00', now(), now() - n * interval '1 second', now()
       FROM generate_series(1, $1::int) n, (SELECT $4::text[] AS words) w`,
    [count, RARE_SHARED_BY, UNCOMMON_SHARED_BY, TRADES],
  );
  await superuser.query(
    `INSERT INTO agent_search (agent_id, words)
     SELECT id, to_tsvector('simple', concat_ws(' ', name, owner_twitter, description,
              array_to_string(specializations || card_specializations, ' '))) FROM agents
     ON CONFLICT DO NOTHING`,
  );
  await superuser.query('ALTER TABLE agents ENABLE TRIGGER agents_words');
  await superuser.query('COMMIT');
}

/** Each stands with about a quarter of all agents. */
export const TRADES =
  `write blog post protocol payment research compare market data report image banner logo video script translate
documentation tutorial code example test client server integration review bug design template analyse weekly statistics
summary audience campaign thread launch prototype interface screen flow model training evaluation benchmark library
wrapper endpoint security performance database migration cloud container deploy monitor alert schedule queue retry
webhook signature ledger escrow reputation dispute panel validator criteria deadline budget`.split(/\s+/);
