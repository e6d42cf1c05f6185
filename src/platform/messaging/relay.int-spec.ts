import { Redis } from 'ioredis';
import { HealthRegistry, Metrics } from '#platform/observability';
import { anApp, type TestApp } from '#test/support/app';
import { aDatabase, queryAs, type TestDatabase } from '#test/support/database';
import {
  commit,
  Hanging,
  happened,
  InBatches,
  inTransaction,
  OneByOne,
  subscribing,
} from '#test/support/events';
import { describeWithRedis, redisUrl } from '#test/support/redis';
import { until } from '#test/support/until';
import { EventsHealth } from './events.health.js';
import { HandOver } from './hand-over.js';
import { Outbox, TRACKS_CHANNEL } from './outbox.js';
import { ProgressStore } from './progress.store.js';
import { Relay } from './relay.js';
import { trackKey } from './shards.js';
import { TrackPacing } from './track-pacing.js';
import { Wakeups } from './wakeups/wakeups.js';

const SUBJECTS = ['tsk_a', 'tsk_b', 'tsk_c', 'tsk_d', 'tsk_e', 'tsk_f', 'tsk_g', 'tsk_h'];
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

describe('The relay', () => {
  let app: TestApp;
  let one: OneByOne;
  let every: InBatches;
  let hanging: Hanging;

  beforeEach(async () => {
    app = await anApp({}, undefined, [subscribing(OneByOne, InBatches, Hanging)]);
    one = app.nest.get(OneByOne, { strict: false });
    every = app.nest.get(InBatches, { strict: false });
    hanging = app.nest.get(Hanging, { strict: false });
  });
  afterEach(async () => {
    hanging.letGo();
    await app.close();
  });

  const sql = <Row extends object>(text: string, params: unknown[] = []): Promise<Row[]> =>
    queryAs<Row>(app.database.ownerUrl, text, params);

  it('hands over what was committed, in the order of each subject', async () => {
    for (const n of upTo(40)) await commit(app, ...SUBJECTS.map((subject) => happened(subject, n)));
    await until('everything was handed over', () => one.events.length >= 40 * SUBJECTS.length);
    for (const subject of SUBJECTS) expect(one.numbersOf(subject)).toEqual(upTo(40));
    const whole = () => every.batches.flat().filter(({ name }) => name === 'test.happened');
    await until('the batches were handed over', () => whole().length >= 40 * SUBJECTS.length);
    for (const subject of SUBJECTS) {
      const positions = whole().flatMap((event) => (event.subject === subject ? [event.position] : []));
      expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    }
  });

  it('never hands over what was rolled back', async () => {
    const outbox = app.nest.get(Outbox);
    const failed = inTransaction(app, async (tx) => {
      outbox.record(tx, happened('tsk_a', 1));
      throw new Error('on purpose');
    });
    await expect(failed).rejects.toThrow('on purpose');
    await commit(app, happened('tsk_a', 2));
    await app.nest.get(Relay).drained();
    expect(one.numbersOf('tsk_a')).toEqual([2]);
  });

  it('starts a subscriber that is new with the news', async () => {
    await commit(app, happened('tsk_a', 1));
    await app.nest.get(Relay).drained();
    await sql(`DELETE FROM event_done`);
    const later = await anApp({}, app.database, [subscribing(OneByOne)]);
    try {
      await commit(later, happened('tsk_a', 2));
      await later.nest.get(Relay).drained();
      // Whichever of the two took it, and neither the first again.
      const late = later.nest.get(OneByOne, { strict: false });
      expect([...one.numbersOf('tsk_a'), ...late.numbersOf('tsk_a')]).toEqual([1, 2]);
    } finally {
      await later.close();
    }
  });

  it('tells each who is told their own seq, once and without gaps', async () => {
    await commit(app, happened('tsk_a', 1, { audience: ['agt_one', 'agt_two'] }));
    await commit(app, happened('tsk_b', 2, { audience: ['agt_two', 'agt_two'] }), happened('tsk_b', 3));
    await app.nest.get(Relay).drained();
    const seqs = every.batches
      .flat()
      .toSorted((a, b) => a.position - b.position)
      .map((event) => event.seqs);
    expect(seqs).toEqual([{ agt_one: 1, agt_two: 1 }, { agt_two: 2 }, {}]);
    expect(await sql(`SELECT agent_id, seq::int, position::int FROM inbox ORDER BY 1, 2`)).toEqual([
      { agent_id: 'agt_one', seq: 1, position: 1 },
      { agent_id: 'agt_two', seq: 1, position: 1 },
      { agent_id: 'agt_two', seq: 2, position: 2 },
    ]);
  });

  it('numbers what emission wrote after what everybody else wrote', async () => {
    await inTransaction(app, async (tx) => {
      const insert = `INSERT INTO outbox (id, name, subject, audience, priority, data, at)
        VALUES ($1, 'test.happened', 'tsk_a', '{}', $2, '{"n": 0}', now())`;
      for (const [id, priority] of [
        ['evt_mass1', 1],
        ['evt_mass2', 1],
        ['evt_person', 0],
      ]) {
        await tx.query(insert, [id, priority]);
      }
    });
    await app.nest.get(Relay).drained();
    expect(one.events.map(({ id }) => id)).toEqual(['evt_person', 'evt_mass1', 'evt_mass2']);
  });

  it('keeps trying a poison event, shows it, and lets the others pass', async () => {
    let poisoned = true;
    one.before = ({ data }) =>
      poisoned && data.n === 13 ? Promise.reject(new Error('poison')) : Promise.resolve();
    await commit(app, happened('tsk_a', 12), happened('tsk_a', 13), happened('tsk_a', 14));
    await until('it has failed often', async () => {
      const [row] = await sql<{ failures: number }>('SELECT max(failures) AS failures FROM event_done');
      return row!.failures >= 5;
    });
    expect(one.numbersOf('tsk_a')).toEqual([12]);
    expect(every.batches.flat().map(({ data }) => (data as { n: number }).n)).toEqual([12, 13, 14]);
    const report = await app.nest.get(HealthRegistry).deep();
    expect(report.parts['events']).toMatchObject({ status: 'down' });
    expect(await app.nest.get(Metrics).text()).toMatch(
      /event_subscriber_failures\{subscriber="test-one",shard="\d",position="2"\} [5-9]/,
    );
    // Subjects of the other shards are not held up by it.
    await commit(app, ...SUBJECTS.map((subject) => happened(subject, 1)));
    await until('others passed', () => one.events.length > SUBJECTS.length / 2);
    poisoned = false;
    await app.nest.get(Relay).drained();
    expect(one.numbersOf('tsk_a')).toEqual([12, 13, 14, 1]);
    const [failing] = await sql<{ count: number }>(
      'SELECT count(*)::int AS count FROM event_done WHERE failures > 0',
    );
    expect(failing!.count).toBe(0);
  });

  it('shows a subscriber that hangs, and for how long what it has not had has waited', async () => {
    const figure = async (name: string, subscriber: string): Promise<number> => {
      const text = await app.nest.get(Metrics).text();
      return Number(new RegExp(`^${name}{subscriber="${subscriber}"} (.+)$`, 'm').exec(text)?.[1]);
    };
    const health = async (): Promise<string | undefined> => {
      const parts = await app.nest.get(EventsHealth).check().catch(String);
      return typeof parts === 'string' ? parts : undefined;
    };
    await hanging.takeAllHands(app, SUBJECTS);
    await until('it is seen to hang', async () => {
      return (await figure('event_subscriber_running_seconds', 'test-hangs')) > 0;
    });
    expect(await figure('event_subscriber_lag_seconds', 'test-hangs')).toBeGreaterThan(0);
    // What it does not want does not make it late.
    expect(await figure('event_subscriber_lag_seconds', 'test-one')).toBe(0);
    expect(await figure('event_subscriber_running_seconds', 'test-one')).toBe(0);
    expect(await health()).toBeUndefined();
    await sql(
      `UPDATE event_done SET busy_since = busy_since - interval '3 minutes' WHERE held_by IS NOT NULL`,
    );
    expect(await health()).toMatch(/test-hangs\S* has been at one batch for 18\d s/);
    hanging.letGo();
    await app.nest.get(Relay).drained();
    expect(await figure('event_subscriber_running_seconds', 'test-hangs')).toBe(0);
    expect(await figure('event_subscriber_lag_seconds', 'test-hangs')).toBe(0);
    expect(await health()).toBeUndefined();
  });

  it('hands over the rest while as many subscribers hang as it has hands', async () => {
    const swept = jest.spyOn(app.nest.get(ProgressStore), 'behind').mockResolvedValue([]);
    await hanging.takeAllHands(app, SUBJECTS);
    await commit(app, happened('tsk_a', 1));
    await until('it arrived', () => one.events.length === 1);
    swept.mockRestore();
  });

  it('finds by its sweep what was never announced', async () => {
    jest.spyOn(TrackPacing.prototype, 'announce').mockReturnValue();
    await commit(app, happened('tsk_a', 1));
    await until('the sweep found it', () => one.events.length === 1, 25_000);
    jest.restoreAllMocks();
  });

  it('takes up what a killed worker held', async () => {
    await commit(app, happened('tsk_a', 1));
    await app.nest.get(Relay).drained();
    await sql(
      `UPDATE event_done SET held_by = 'somebody who died', held_until = now() + interval '2 seconds'`,
    );
    await commit(app, happened('tsk_a', 2));
    await until('another one took it up', () => one.numbersOf('tsk_a').length === 2, 25_000);
    expect(one.numbersOf('tsk_a')).toEqual([1, 2]);
  });

  it('goes on after the database dropped every connection of this process', async () => {
    await queryAs(
      app.database.superuserUrl,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()`,
      [new URL(app.database.url).pathname.slice(1)],
    );
    await until('the database is there again', () =>
      commit(app, happened('tsk_a', 1)).then(
        () => true,
        () => false,
      ),
    );
    await until('it arrived', () => one.numbersOf('tsk_a').includes(1), 25_000);
    await commit(app, happened('tsk_b', 2));
    await until('and the next', () => one.numbersOf('tsk_b').includes(2), 25_000);
  });
});

describe('Two replicas', () => {
  let database: TestDatabase;
  let apps: TestApp[];

  beforeEach(async () => {
    database = await aDatabase();
    const make = () => anApp({}, database, [subscribing(OneByOne)]);
    apps = [await make(), await make()];
  });
  afterEach(async () => {
    for (const app of apps) await app.close();
    await database.drop();
  });

  it('hand over each event to one of them, in the order of its subject', async () => {
    const seen: { subject: string; n: number }[] = [];
    for (const app of apps) {
      app.nest.get(OneByOne, { strict: false }).before = ({ subject, data }) => {
        seen.push({ subject, n: data.n });
        return Promise.resolve();
      };
    }
    for (const n of upTo(30)) {
      await commit(apps[n % 2]!, ...SUBJECTS.map((subject) => happened(subject, n)));
    }
    await until('all arrived', () => seen.length >= 30 * SUBJECTS.length);
    for (const subject of SUBJECTS) {
      expect(seen.filter((event) => event.subject === subject).map(({ n }) => n)).toEqual(upTo(30));
    }
  });

  it('take over from each other what one has no hands for', async () => {
    const [busy, free] = apps as [TestApp, TestApp];
    for (const app of apps) jest.spyOn(app.nest.get(ProgressStore), 'behind').mockResolvedValue([]);
    const taken = jest.spyOn(free.nest.get(HandOver), 'run');
    // A wake-up may be lost while a process has just begun to listen.
    await until('the other one looked', () => {
      busy.nest.get(Wakeups).wake(TRACKS_CHANNEL, trackKey({ subscriber: 'test-one', shard: 3 }));
      return taken.mock.calls.length > 0;
    });
    expect(taken.mock.calls[0]![0]).toEqual({ subscriber: 'test-one', shard: 3 });
    jest.restoreAllMocks();
  });

  it('finish without the one that leaves', async () => {
    await apps[0]!.nest.close();
    await commit(apps[1]!, happened('tsk_a', 1));
    const left = apps[1]!.nest.get(OneByOne, { strict: false });
    await until('the other one took it', () => left.events.length === 1);
  });
});

describeWithRedis('On Redis', () => {
  it('loses nothing when Redis drops every connection', async () => {
    const app = await anApp({ REDIS_URL: redisUrl }, undefined, [subscribing(OneByOne)]);
    try {
      const one = app.nest.get(OneByOne, { strict: false });
      await commit(app, happened('tsk_a', 1));
      await until('the first came', () => one.events.length === 1);
      // Of this installation alone: others may test on the same server.
      for (const client of wakeupClientsOf(app)) client.disconnect(true);
      for (const n of upTo(20)) await commit(app, happened(SUBJECTS[n % 8]!, 100 + n));
      await until('all came', () => one.events.length === 21, 25_000);
    } finally {
      await app.close();
    }
  });

  const wakeupClientsOf = (app: TestApp): Redis[] =>
    Object.values(app.nest.get(Wakeups)).filter((value) => value instanceof Redis);
});
