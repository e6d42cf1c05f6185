import { setImmediate as turn } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { anEmptyDatabase, type TestDatabase } from '#test/support/database';
import { describeWithRedis, redisUrl } from '#test/support/redis';
import { until } from '#test/support/until';
import { ListeningConnection } from './listening-connection.js';
import { PostgresWakeups } from './postgres-wakeups.js';
import { RedisWakeups } from './redis-wakeups.js';
import { Replicas } from './replicas.js';
import type { Wakeups } from './wakeups.js';

let database: TestDatabase;
let sql: Client;
const leaving: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await anEmptyDatabase();
  sql = new Client({ connectionString: database.url, application_name: 'spec' });
  await sql.connect();
});
afterEach(async () => {
  for (const leave of leaving.splice(0).toReversed()) await leave();
});
afterAll(async () => {
  await sql.end();
  await database.drop();
});

const postgres = async (): Promise<Wakeups> =>
  started(new PostgresWakeups(new ListeningConnection(database.url)));
const redis = async (): Promise<Wakeups> => {
  const listening = new PostgresWakeups(new ListeningConnection(database.url));
  return started(new RedisWakeups(listening, redisUrl, `umw:${database.name}:`));
};

async function started<W extends Wakeups>(wakeups: W): Promise<W> {
  await wakeups.start();
  leaving.push(() => wakeups.stop());
  return wakeups;
}

async function heardOn(wakeups: Wakeups, channel: string): Promise<string[]> {
  const heard: string[] = [];
  wakeups.on(channel, (payload) => heard.push(payload));
  await until('listening', () => wakeups.connected);
  return heard;
}

const terminateListeners = (): Promise<unknown> =>
  sql.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'upmoltwork wake-ups'`,
  );

function behavesAsWakeups(make: () => Promise<Wakeups>): void {
  it('is heard here at once, there soon, and nowhere twice', async () => {
    const [a, b] = [await make(), await make()];
    const [heardByA, heardByB] = [await heardOn(a, 'news'), await heardOn(b, 'news')];
    a.wake('news', 'from a');
    expect(heardByA).toEqual(['from a']);
    await until('b hears a', () => heardByB.length > 0);
    // What a said would have come back to it before what b says now.
    b.wake('news', 'from b');
    await until('a hears b', () => heardByA.includes('from b'));
    expect(heardByA).toEqual(['from a', 'from b']);
    expect(heardByB).toEqual(['from a', 'from b']);
  });

  it('keeps channels apart, and lets a listener leave', async () => {
    const [a, b] = [await make(), await make()];
    const [one, two] = [await heardOn(b, 'one'), await heardOn(b, 'two')];
    const left: string[] = [];
    b.on('one', (payload) => left.push(payload))();
    a.wake('one', '1');
    a.wake('two', '2');
    await until('both are heard', () => one.length + two.length === 2);
    expect({ one, two, left }).toEqual({ one: ['1'], two: ['2'], left: [] });
  });

  it('hears what transactions say, the own process too, once they commit', async () => {
    const [a, b] = [await make(), await make()];
    const [heardByA, heardByB] = [await heardOn(a, 'keys'), await heardOn(b, 'keys')];
    await sql.query('begin');
    await sql.query(`select pg_notify('umw_keys', 'rolled back')`);
    await sql.query('rollback');
    await sql.query('begin');
    await sql.query(`select pg_notify('umw_keys', 'committed')`);
    await sql.query('commit');
    await until('both hear it', () => heardByA.length > 0 && heardByB.length > 0);
    expect([heardByA, heardByB]).toEqual([['committed'], ['committed']]);
  });

  it('goes on after its PostgreSQL session was killed, and says so', async () => {
    const [a, b] = [await make(), await make()];
    const [heardByA, heardByB] = [await heardOn(a, 'news'), await heardOn(b, 'news')];
    const connectedWhenTold: boolean[] = [];
    a.onReconnected(() => connectedWhenTold.push(a.connected));
    await terminateListeners();
    await until('a knows that it is deaf', () => !a.connected);
    await until('both are back', () => a.connected && b.connected);
    expect(connectedWhenTold).toEqual([true]);
    await sql.query(`select pg_notify('umw_news', 'after')`);
    await until('a hears again', () => heardByA.includes('after'));
    await until('b has heard all', () => heardByB.includes('after'));
  });

  it('a listener that throws keeps nobody else from hearing', async () => {
    const a = await make();
    a.on('news', () => {
      throw new Error('on purpose');
    });
    const heard = await heardOn(a, 'news');
    a.wake('news', 'x');
    expect(heard).toEqual(['x']);
  });

  it('refuses to carry the news itself', async () => {
    const a = await make();
    const heard = await heardOn(a, 'news');
    expect(() => a.wake('news', 'x'.repeat(1_001))).toThrow(RangeError);
    expect(heard).toEqual([]);
  });
}

describe('wake-ups over PostgreSQL', () => {
  behavesAsWakeups(postgres);

  it('says what it had to say while it was down', async () => {
    const [a, b] = [await postgres(), await postgres()];
    const heardByB = await heardOn(b, 'news');
    await sql.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
          and application_name = 'upmoltwork wake-ups' order by backend_start limit 1`,
    );
    await until('a knows that it is down', () => !a.connected);
    expect(b.connected).toBe(true);
    a.wake('news', 'kept');
    await until('b hears it after all', () => heardByB.includes('kept'));
  });

  it('merges what is said in one window into one message, and splits what is too long for one', async () => {
    const [a, b] = [await postgres(), await postgres()];
    const heard = await heardOn(b, 'many');
    const messages: string[] = [];
    sql.on('notification', ({ payload }) => messages.push(payload ?? ''));
    await sql.query('listen umw_many');
    for (let i = 0; i < 500; i++) a.wake('many', String(i % 5));
    await until('b has heard', () => heard.length > 0);
    await until('the message was seen', () => messages.length > 0);
    expect(heard.toSorted()).toEqual(['0', '1', '2', '3', '4']);
    expect(messages).toHaveLength(1);

    for (let i = 0; i < 1_500; i++) a.wake('many', `"ключ ${i}"`);
    await until('b has heard all', () => heard.length === 1_505);
    await until('all was seen', () => messages.length > 2);
    expect(new Set(heard).size).toBe(1_505);
    await sql.query('unlisten umw_many');
    sql.removeAllListeners('notification');
  });

  it('sends at most one message a channel in 20 ms', async () => {
    const [a, b] = [await postgres(), await postgres()];
    const heard = await heardOn(b, 'busy');
    let messages = 0;
    sql.on('notification', () => messages++);
    await sql.query('listen umw_busy');
    const startedAt = performance.now();
    let said = 0;
    while (said < 300 || performance.now() - startedAt < 100) {
      a.wake('busy', String(said++ % 3));
      await turn();
    }
    a.wake('busy', 'last');
    await until('b has heard the last', () => heard.includes('last'));
    expect(messages).toBeGreaterThan(1);
    expect(messages).toBeLessThanOrEqual((performance.now() - startedAt) / 20 + 2);
    await sql.query('unlisten umw_busy');
    sql.removeAllListeners('notification');
  });

  it('is not to be trusted until a channel that was added late is heard', async () => {
    const a = await postgres();
    expect(a.connected).toBe(true);
    a.on('late', () => undefined);
    expect(a.connected).toBe(false);
    await until('it listens', () => a.connected);
  });

  it('starts without a database, and stops', async () => {
    const a = new PostgresWakeups(new ListeningConnection('postgres://nobody@127.0.0.1:1/nothing'));
    await a.start();
    expect(a.connected).toBe(false);
    await a.stop();
  });
});

describeWithRedis('wake-ups over Redis', () => {
  behavesAsWakeups(redis);

  it('goes on after Redis dropped its connections, and says so', async () => {
    const [a, b] = [await redis(), await redis()];
    const heardByB = await heardOn(b, 'news');
    const connectedWhenTold: boolean[] = [];
    b.onReconnected(() => connectedWhenTold.push(b.connected));
    const admin = new Redis(redisUrl);
    leaving.push(async () => admin.disconnect());
    const line = `umw:${database.name}:wakeups`;
    await until('the line has two subscribers', async () => (await admin.pubsub('NUMSUB', line))[1] === 2);
    const clients = (await admin.client('LIST')) as string;
    for (const client of clients.split('\n').filter((each) => each.includes(' name=umw-wakeups '))) {
      await admin.client('KILL', 'ID', /id=(\d+)/.exec(client)?.[1] ?? '');
    }
    await until('b knows that it is deaf', () => !b.connected);
    await until('both are back', () => a.connected && b.connected);
    expect(connectedWhenTold).toEqual([true]);
    a.wake('news', 'after');
    await until('b hears again', () => heardByB.includes('after'));
  });

  it('starts without Redis, says so once, and is not to be trusted', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    leaving.push(async () => warn.mockRestore());
    const listening = new PostgresWakeups(new ListeningConnection(database.url));
    const a = await started(new RedisWakeups(listening, 'redis://127.0.0.1:1', 'umw:none:'));
    expect(listening.connected).toBe(true);
    expect(a.connected).toBe(false);
    expect(warn).toHaveBeenCalledTimes(1);
  });
});

describe('replicas', () => {
  it('counts those that come and go, and tells', async () => {
    const a = await join();
    expect([a.count, a.others]).toEqual([1, false]);
    const seen: number[] = [];
    a.onChange(() => seen.push(a.count));
    const b = await join();
    expect([b.count, b.others]).toEqual([2, true]);
    await until('a sees b', () => a.count === 2);
    const c = await join();
    await until('all see three', () => a.count === 3 && b.count === 3 && c.count === 3);
    await c.stop();
    await until('c is gone', () => a.count === 2 && b.count === 2);
    expect(seen).toEqual([2, 3, 2]);
  });

  it('counts a process again whose session was killed', async () => {
    const [a, b] = [await join(), await join()];
    await until('both are there', () => a.count === 2 && b.count === 2);
    const before = await holders(database.name);
    await terminateListeners();
    await until('both hold it again, in new sessions', async () => {
      const now = await holders(database.name);
      return now.length === 2 && !now.some((pid) => before.includes(pid));
    });
    await until('both know', () => a.count === 2 && b.count === 2);
  });

  it('does not count those of another database', async () => {
    const other = await anEmptyDatabase();
    const stranger = new Client({ connectionString: other.url });
    await stranger.connect();
    await stranger.query('select pg_advisory_lock_shared($1, $2)', [0x554d_574b, 1]);
    expect(await holders(other.name)).toHaveLength(1);
    const a = await join();
    expect(a.count).toBe(1);
    await stranger.end();
    await other.drop();
  });
});

async function join(): Promise<Replicas> {
  const connection = new ListeningConnection(database.url);
  const wakeups = await started(new PostgresWakeups(connection));
  const replicas = new Replicas(connection, wakeups);
  await replicas.start();
  leaving.push(() => replicas.stop());
  return replicas;
}

/** The backends that are present in a database. */
async function holders(databaseName: string): Promise<number[]> {
  const { rows } = await sql.query<{ pid: number }>(
    `select pid from pg_locks join pg_database on pg_database.oid = database
      where locktype = 'advisory' and granted and classid::bigint = $1 and objid = 1 and datname = $2`,
    [0x554d_574b, databaseName],
  );
  return rows.map(({ pid }) => pid);
}
