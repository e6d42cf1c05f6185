import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import pg from 'pg';
import { ownDatabase } from '../own-app.js';

/** Each finds rows that must not be there. */
const PROOFS: Readonly<Record<string, string>> = {
  'a change without its event': `
    SELECT * FROM proof_changes AS change WHERE (SELECT count(*) FROM outbox
      WHERE name = 'proof.happened' AND outbox.subject = change.subject AND (data ->> 'n')::int = change.n) <> 1`,
  'an event of what was rolled back': `
    SELECT * FROM outbox WHERE name = 'proof.happened' AND (data ->> 'n')::int < 1`,
  'an event that is not once in the inbox of each who is told': `
    SELECT outbox.id, told FROM outbox CROSS JOIN LATERAL unnest(audience) AS told
     WHERE name = 'proof.happened' AND (SELECT count(*) FROM inbox
       WHERE inbox.position = outbox.position AND agent_id = told) <> 1`,
  'an inbox with a gap, or out of order': `
    SELECT * FROM (SELECT agent_id, seq, position, row_number() OVER turn AS expected,
        lag(position) OVER turn AS before FROM inbox WINDOW turn AS (PARTITION BY agent_id ORDER BY seq)) AS filed
     WHERE seq <> expected OR position <= before`,
  'a change that a subscriber has not seen': `
    SELECT * FROM proof_changes CROSS JOIN (VALUES ('witness-one'), ('witness-every')) AS known (witness)
     WHERE NOT EXISTS (SELECT FROM proof_seen AS seen WHERE seen.witness = known.witness
       AND seen.subject = proof_changes.subject AND seen.n = proof_changes.n)`,
  'a subject seen out of order': `
    SELECT * FROM (SELECT witness, subject, n, lag(n) OVER (PARTITION BY witness, subject ORDER BY min(place)) AS before
        FROM proof_seen GROUP BY witness, subject, n) AS first_seen
     WHERE n <> coalesce(before, 0) + 1`,
};

/**
 * Two processes write and relay. They are killed at random; their wake-ups, their queues' sessions and what
 * waits in Redis are lost at random. In the end nothing may be missing, doubled or out of order.
 */
async function main(seconds: number): Promise<number> {
  const database = await ownDatabase('.data/prove-events', console.log);
  const client = new pg.Client(database.ownerUrl);
  await client.connect();
  const application = new pg.Client(database.url);
  await application.connect();
  await client.query(TABLES);
  await client.query(
    `GRANT ALL ON proof_changes, proof_seen TO PUBLIC; GRANT USAGE ON SEQUENCE proof_seen_place_seq TO PUBLIC`,
  );
  const env = {
    ...process.env,
    DATABASE_URL: database.url,
    DATABASE_OWNER_URL: database.ownerUrl,
    PROOF_RUN: newRun(),
  };
  const start = (name: string): ChildProcess =>
    fork(join(import.meta.dirname, 'events-worker.js'), [name], { env });
  const tally = { kills: 0, cuts: 0, flushes: 0 };
  const endsAt = performance.now() + seconds * 1_000;
  const round = async (name: string): Promise<void> => {
    while (performance.now() < endsAt) {
      const child = start(name);
      const gone = once(child, 'exit');
      // Killed while it writes, however long a busy machine takes to start it.
      await Promise.race([gone, once(child, 'message')]);
      await Promise.race([gone, sleep(300 + Math.random() * 3_000)]);
      if (child.exitCode !== null) throw new Error(`A worker ended by itself with ${child.exitCode}.`);
      child.kill('SIGKILL');
      await gone;
      tally.kills++;
    }
  };
  const nuisance = async (): Promise<void> => {
    while (performance.now() < endsAt) {
      await sleep(500 + Math.random() * 1_500);
      const { rowCount } = await application.query(CUT);
      tally.cuts += rowCount ?? 0;
      tally.flushes += await flush(database.url);
    }
  };
  await Promise.all([round('a'), round('b'), nuisance()]);
  const [code] = (await once(start('drain'), 'exit')) as [number];
  if (code !== 0) throw new Error('What was left could not be drained.');
  const wrong = await violations(client);
  const { rows } = await client.query(COUNTS);
  console.log({ ...rows[0], ...tally, queues: process.env['REDIS_URL'] ? 'Redis' : 'PostgreSQL' });
  await client.query(FORGET);
  await Promise.all([client.end(), application.end()]);
  await database.stop();
  for (const [proof, example] of wrong) console.error(`Found ${proof}:`, example);
  return wrong.length === 0 ? 0 : 1;
}

async function violations(client: pg.Client): Promise<[string, unknown][]> {
  const wrong: [string, unknown][] = [];
  for (const [proof, sql] of Object.entries(PROOFS)) {
    const { rows } = await client.query(sql);
    if (rows.length > 0) wrong.push([`${proof} (${rows.length} times)`, rows[0]]);
  }
  return wrong;
}

/** What FLUSHALL does to this installation; others may share the server. */
async function flush(databaseUrl: string): Promise<number> {
  const url = process.env['REDIS_URL'];
  if (!url) return 0;
  const redis = new Redis(url);
  const keys = await redis.keys(`umw:${new URL(databaseUrl).pathname.slice(1)}:queues*`);
  if (keys.length > 0) await redis.del(...keys);
  await redis.quit();
  return 1;
}

const TABLES = `
  DROP TABLE IF EXISTS proof_changes, proof_seen;
  CREATE TABLE proof_changes (subject text, n int, PRIMARY KEY (subject, n));
  CREATE TABLE proof_seen (place bigserial PRIMARY KEY, witness text, event_id text, subject text, n int);`;

/** The sessions that carry wake-ups and jobs; a role may end its own. */
const CUT = `
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity
   WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < 0.5
     AND (application_name IN ('upmoltwork wake-ups', 'upmoltwork queues') OR application_name LIKE 'jobs %')`;

const COUNTS = `
  SELECT (SELECT count(*)::int FROM proof_changes) AS changes, (SELECT count(*)::int FROM inbox) AS inbox_rows,
         (SELECT count(*)::int FROM proof_seen) AS seen`;

/** Agents and subjects of this run alone, so that it may run where others ran before. */
const newRun = (): string => Date.now().toString(36);

/** A subscriber that never comes again would hold the retention up. */
const FORGET = `
  DROP TABLE proof_changes, proof_seen;
  DELETE FROM event_done WHERE subscriber LIKE 'witness-%';`;

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
process.exit(await main(Number(values.seconds)));
