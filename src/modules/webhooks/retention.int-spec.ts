import type { Settings } from '#config/settings';
import { before, DAY_MS } from '#kernel/clock';
import { Database, UnitOfWork } from '#platform/database';
import { Retention } from '#platform/scheduling';
import { anApp, type TestApp } from '#test/support/app';
import { queryAs } from '#test/support/database';
import { DeliveryLogStore } from './persistence/delivery-log.store.js';
import { WebhookLogRetention } from './retention.due.js';

const NOW = new Date('2027-06-01T12:00:00Z');
/** More than go into any one step. */
const OLD = 40_000;
const STEP_MAX = 20_000;

describe('Retention', () => {
  let app: TestApp;
  let parts: [Database, UnitOfWork, Settings];
  beforeAll(async () => {
    // Without work of its own, whose keys and deliveries would be counted too.
    app = await anApp({ ROLE: 'api' });
    parts = [app.nest.get(Database), app.nest.get(UnitOfWork), { sandbox: false } as Settings];
  });
  afterAll(() => app.close());
  afterEach(() => jest.restoreAllMocks());

  const sql = <Row extends object>(text: string, params: unknown[] = []): Promise<Row[]> =>
    queryAs<Row>(app.database.ownerUrl, text, params);
  const count = async (table: string): Promise<number> =>
    (await sql<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`))[0]!.count;

  const keys = (caller: string, number: number, at: Date) =>
    sql(
      `INSERT INTO idempotency_keys (caller, key_hash, request_hash, answer, created_at)
       SELECT $1, sha256(n::text::bytea), sha256('x'), '{}', $3 FROM generate_series(1, $2::int) n`,
      [caller, number, at],
    );
  const deliveries = (agent: string, number: number, state: string, at: Date) =>
    sql(
      `INSERT INTO webhook_deliveries (agent_id, event_id, event, payload, signatures, state, next_attempt_at, created_at)
       SELECT $1, 'evt_' || n, 'webhook.ping', '{}', '{}', $3::text, CASE $3::text WHEN 'pending' THEN $4::timestamptz END, $4
         FROM generate_series(1, $2::int) n`,
      [agent, number, state, at],
    );

  /** In one run: each due work has its own turn, however long it takes. */
  const toTheEnd = async (work: Retention | WebhookLogRetention): Promise<void> => {
    await work.run(NOW);
    expect((await work.nextDue())!.getTime()).toBeGreaterThan(NOW.getTime());
  };

  /** How many rows were left after each statement. */
  const watching = (table: string): number[] => {
    const left: number[] = [];
    const query = parts[0].query.bind(parts[0]);
    jest.spyOn(parts[0], 'query').mockImplementation(async (...asked) => {
      const rows = await query(...asked);
      left.push(await count(table));
      return rows as never;
    });
    return left;
  };

  const expectBounded = (left: readonly number[], from: number): void => {
    const steps = [from, ...left].flatMap((had, at) => (at < left.length ? [had - left[at]!] : []));
    expect(Math.max(...steps)).toBeLessThanOrEqual(STEP_MAX);
    expect(steps.filter((gone) => gone > 0).length).toBeGreaterThan(1);
  };

  it('deletes keys in bounded steps until none is left, and those that are still asked for stay', async () => {
    await keys('agt_old', OLD, before(NOW, 4 * DAY_MS));
    await keys('agt_new', 10, before(NOW, DAY_MS));
    const left = watching('idempotency_keys');
    await toTheEnd(new Retention(...parts));
    expectBounded(left, OLD + 10);
    expect(await count('idempotency_keys')).toBe(10);
  });

  it('keeps what it did when it fails, and is done with the day only when nothing is left', async () => {
    await sql(`DELETE FROM due_runs; DELETE FROM idempotency_keys`);
    await keys('agt_old', OLD, before(NOW, 4 * DAY_MS));
    await keys('agt_stuck', 1, before(NOW, 4 * DAY_MS));
    await sql(`
      CREATE FUNCTION stuck() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'stuck'; END $$;
      CREATE TRIGGER stuck BEFORE DELETE ON idempotency_keys FOR EACH ROW WHEN (old.caller = 'agt_stuck')
        EXECUTE FUNCTION stuck()`);
    const retention = new Retention(...parts);
    await expect(toTheEnd(retention)).rejects.toThrow('stuck');
    const left = await count('idempotency_keys');
    expect(left).toBeLessThan(OLD);
    expect(left).toBeGreaterThan(0);
    expect((await retention.nextDue())!.getTime()).toBeLessThanOrEqual(NOW.getTime());
    await sql('DROP TRIGGER stuck ON idempotency_keys; DROP FUNCTION stuck()');
    // Another process, beside it.
    await Promise.all([toTheEnd(retention), toTheEnd(new Retention(...parts))]);
    expect(await count('idempotency_keys')).toBe(0);
    expect((await retention.nextDue())!.getTime()).toBeGreaterThan(NOW.getTime());
  });

  it('forgets deliveries by the stretch, but nothing that is still owed', async () => {
    await deliveries('agt_old', 5_000, 'delivered', before(NOW, 40 * DAY_MS));
    await deliveries('agt_owed', 3, 'pending', before(NOW, 40 * DAY_MS));
    await deliveries('agt_old_too', 3_000, 'skipped', before(NOW, 35 * DAY_MS));
    await deliveries('agt_new', 7, 'delivered', before(NOW, DAY_MS));
    await sql(
      `INSERT INTO webhook_attempts (delivery_id, at, ms) SELECT row_id, created_at, 1 FROM webhook_deliveries`,
    );
    const left = watching('webhook_deliveries');
    await toTheEnd(new WebhookLogRetention(...parts, new DeliveryLogStore(parts[0])));
    expectBounded(left, 8_010);
    expect(await count('webhook_deliveries')).toBe(10);
    expect(await count('webhook_attempts')).toBe(10);
  });

  it('leaves of an inbox its last row, and of the outbox too', async () => {
    await sql(`DELETE FROM inbox; DELETE FROM outbox; DELETE FROM due_runs; DELETE FROM event_done`);
    await sql(
      `INSERT INTO outbox (id, name, subject, audience, data, at, position, seqs)
       SELECT 'evt_' || n, 'points.received', 'agt_a', '{agt_a}', '{}', $1, n, '{}' FROM generate_series(1, 12000) n`,
      [before(NOW, 31 * DAY_MS)],
    );
    await sql(
      `INSERT INTO inbox (agent_id, seq, position, name)
       SELECT 'agt_a', n, n, 'points.received' FROM generate_series(1, 12000) n
       UNION ALL VALUES ('agt_b', 1, 5, 'points.received')`,
    );
    const left = watching('outbox');
    await toTheEnd(new Retention(...parts));
    expectBounded(left, 12_000);
    expect(await sql('SELECT agent_id, seq::int FROM inbox ORDER BY 1')).toEqual([
      { agent_id: 'agt_a', seq: 12_000 },
      { agent_id: 'agt_b', seq: 1 },
    ]);
    expect(await count('outbox')).toBe(1);
  });
});
