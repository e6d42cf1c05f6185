import { AGENTS, type Arena } from './arena.js';
import { bar, type Row } from './table.js';
import { knownAgent } from '../many-agents.js';

const PAGES = 500;

/** One's own history where the log is long: the newest page, and pages from the middle. */
export async function benchHistory(arena: Arena, rows: number): Promise<Row[]> {
  await insertLegs(arena, rows);
  const newest: number[] = [];
  const deep: number[] = [];
  for (let page = 0; page < PAGES; page++) {
    const agent = knownAgent(Math.floor(Math.random() * AGENTS)).key;
    const first = await timed(arena, agent, '?limit=20');
    if (first.data.length < 20) throw new Error('A history is shorter than a page.');
    const second = await timed(arena, agent, `?limit=20&cursor=${first.next_cursor}`);
    newest.push(first.took);
    deep.push(second.took);
  }
  const middle = (took: number[]): number => took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)]!;
  return [
    bar(`history page among ${rows} rows, median`, middle(newest), 5, 'ms'),
    bar('  the page after it, median', middle(deep), 5, 'ms'),
  ];
}

/**
 * Legs without what stands around them: triggers would check ten million rows that nobody believes. Each row is
 * one side of a movement among the same agents, at ids far beyond those in use.
 */
async function insertLegs({ superuser }: Arena, rows: number): Promise<void> {
  await superuser.query(`
    SET session_replication_role = replica;
    INSERT INTO transactions (id, movement_id, from_agent_id, to_agent_id, amount, balance_after, currency, type, created_at)
      SELECT 50000000 + n, 50000000 + n - n % 2, payer, payee, CASE n % 2 WHEN 0 THEN -1 ELSE 1 END, 1000, 'points',
        'p2p_transfer', now() - interval '1 second' * (${rows} - n)
      FROM (SELECT n, ids[1 + n / 2 % ${AGENTS}] AS payer, ids[1 + (n / 2 * 7 + 1) % ${AGENTS}] AS payee
        FROM generate_series(0, ${rows} - 1) n,
          (SELECT array_agg(id ORDER BY id) AS ids FROM agents WHERE id LIKE 'agt_b%') known) l
      WHERE payer <> payee
      ON CONFLICT DO NOTHING;
    RESET session_replication_role;
    ANALYZE transactions;`);
}

interface Page {
  data: unknown[];
  next_cursor: string;
  took: number;
}

async function timed({ api }: Arena, key: string, query: string): Promise<Page> {
  const begunAt = performance.now();
  const response = await fetch(`${api.baseUrl}/v1/points/history${query}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  const page = (await response.json()) as Omit<Page, 'took'>;
  return { ...page, took: performance.now() - begunAt };
}
