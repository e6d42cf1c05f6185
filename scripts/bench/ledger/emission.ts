import { setTimeout as sleep } from 'node:timers/promises';
import { KNOWN_SECRETS } from '../many-agents.js';
import { AGENTS, type Arena } from './arena.js';
import { drive, type Load } from './load.js';
import { bar, type Row } from './table.js';

/** Transfers beside the emission: as many as an ordinary busy hour has, not as many as possible. */
const BESIDE = { connections: 16, rate: 200 };
/** More than this in points would be more than a day's cap shared among so many. */
const DAY_CAP = 10_000;

/** A day's emission to so many agents, with transfers beside it, and the same day once more. */
export async function benchEmission(arena: Arena, agents: number): Promise<Row[]> {
  if (DAY_CAP / agents < 0.01)
    throw new Error('Among more than 1,000,000 agents the daily cap leaves nothing.');
  await insertEligible(arena, agents);
  await arena.superuser.query('DELETE FROM emission_days');
  const eventsBefore = await countEvents(arena);

  const load: Load = { baseUrl: arena.api.baseUrl, agents: AGENTS, ...BESIDE, seconds: 10 };
  const emission = { isPaying: true };
  const latencies: number[] = [];
  const begunAt = performance.now();
  const paid = runEmission(arena).finally(() => (emission.isPaying = false));
  // Told below; unheard until then, a failure would end the process before it has cleaned up.
  paid.catch(() => {});
  while (emission.isPaying) latencies.push((await drive(load)).p99Ms);
  const first = await paid;
  const firstS = first.took / 1_000;
  const events = (await countEvents(arena)) - eventsBefore;
  await relayed(arena);
  const relayedS = (performance.now() - begunAt) / 1_000;

  const again = await runEmission(arena);
  await arena.superuser.query('UPDATE emission_days SET closed_at = NULL');
  const resumed = await runEmission(arena);
  if (first.agents !== agents || again.agents !== agents || resumed.agents !== agents)
    throw new Error(
      `Paid ${first.agents}, then ${again.agents}, then ${resumed.agents} of ${agents} agents.`,
    );
  const rowsAfter = (await countEvents(arena)) - eventsBefore;
  return [
    bar(`emission to ${agents} agents`, firstS, 180, 's'),
    {
      what: `  its events and those of the transfers: ${events}; all relayed after`,
      value: `${relayedS.toFixed(0)} s`,
    },
    bar(`  p99 of ${BESIDE.rate} transfers/s beside it`, Math.max(...latencies), 250, 'ms'),
    bar('  the same day again', again.took / 1_000, 5, 's'),
    { what: '  the same day as if it had been interrupted', value: `${(resumed.took / 1_000).toFixed(1)} s` },
    {
      what: '  rows that the later runs changed',
      value: String(rowsAfter - events),
      bar: '0',
      holds: rowsAfter === events,
    },
  ];
}

/** Verified and seen before today began, or today's emission would not be theirs. */
async function insertEligible({ superuser }: Arena, agents: number): Promise<void> {
  await superuser.query(`
    DELETE FROM agents WHERE id LIKE 'agt_e%';
    INSERT INTO agents (id, name, owner_twitter, status, api_key_hash, verified_at, created_at, updated_at, last_seen_at)
      SELECT 'agt_e' || lpad(n::text, 7, '0'), 'Agent ' || n, 'e' || n, 'verified', '\\x00', now() - interval '2 days',
        now() - interval '2 days', now() - interval '2 days', now() - interval '1 day'
      FROM generate_series(0, ${agents} - 1) n;
    INSERT INTO accounts (id, currency, opened_at)
      SELECT id, currency, created_at FROM agents, unnest(ARRAY['points', 'usdc']) currency WHERE id LIKE 'agt_e%'
      ON CONFLICT (id, currency) DO UPDATE SET last_emission_day = NULL;
    ANALYZE agents, accounts;`);
}

async function runEmission({ api }: Arena): Promise<{ agents: number; took: number }> {
  const begunAt = performance.now();
  const response = await fetch(`${api.baseUrl}/v1/admin/economy/emission/run`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KNOWN_SECRETS.OPERATOR_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'Benchmark of the emission' }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`The emission answered ${response.status}: ${text}`);
  return { agents: (JSON.parse(text) as { agents: number }).agents, took: performance.now() - begunAt };
}

async function countEvents({ superuser }: Arena): Promise<number> {
  const { rows } = await superuser.query<{ count: string }>(
    `SELECT count(*) FROM outbox WHERE name = 'points.received' AND priority = 1`,
  );
  return Number(rows[0]!.count);
}

async function relayed({ superuser }: Arena): Promise<void> {
  for (;;) {
    const { rowCount } = await superuser.query('SELECT FROM outbox WHERE position IS NULL LIMIT 1');
    if (rowCount === 0) return;
    await sleep(100);
  }
}
