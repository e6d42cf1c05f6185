import { getQueueToken } from '@nestjs/bullmq';
import type { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { Env } from '#config/env';
import { redisPrefix } from '#platform/messaging';
import { createApp } from '#startup/bootstrap';
import { anApp, OPERATOR_KEY, type TestApp, testSettings } from '#test/support/app';
import { aDatabase, queryAs, type TestDatabase } from '#test/support/database';
import { dueWorkOfTests, HangingWork, TestWork } from '#test/support/due-work';
import { describeWithRedis, redisUrl } from '#test/support/redis';
import { until } from '#test/support/until';
import { JobQueue, JobWorker } from './bull-classes.js';
import { DUE_WORK_QUEUE } from './due-work.queue.js';
import { JobsPool } from './jobs-pool.js';

const PAST = new Date(0);

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  jest.restoreAllMocks();
  for (const one of opened.splice(0).toReversed()) await one.close();
});

async function aWorkingApp(env: Partial<Env> = {}, database?: TestDatabase): Promise<TestApp> {
  const app = await anApp(env, database, [dueWorkOfTests]);
  opened.push({
    close: async () => {
      app.nest.get(HangingWork, { strict: false }).letGo();
      await app.close();
    },
  });
  return app;
}

const workOf = (app: TestApp): TestWork => app.nest.get(TestWork, { strict: false });
const queueOf = (app: TestApp): Queue => app.nest.get(getQueueToken(DUE_WORK_QUEUE), { strict: false });
const sql = (app: TestApp, text: string, params: unknown[] = []) =>
  queryAs<Record<string, unknown>>(app.database.superuserUrl, text, params);

async function runsOf(app: TestApp, name = 'test-work') {
  const { body } = await app.api.get(`/v1/admin/schedules/${name}/runs`, { key: OPERATOR_KEY });
  return body.data as {
    outcome: string;
    cause: string;
    attempt: number;
    error: string | null;
    runs: number;
  }[];
}

/** Whatever the queues lie in, the same must hold. */
function storiesOf(env: Partial<Env>): void {
  it('carry what is due, once, and leave nothing behind in the queue', async () => {
    const app = await aWorkingApp(env);
    const work = workOf(app);
    work.due = PAST;
    await until('it ran', () => work.due === null);
    await until('its run is logged', async () => (await runsOf(app)).length === 1);
    expect(await runsOf(app)).toMatchObject([
      { outcome: 'done', cause: 'job', attempt: 1, error: null, runs: 1 },
    ]);
    await until('the job has left the queue', async () => (await queueOf(app).getJobCountByTypes()) === 0);
    expect(work.runs).toBe(1);
  });

  it('try what failed again after a pause, and say so', async () => {
    const app = await aWorkingApp(env);
    const work = workOf(app);
    work.act = () => (work.runs < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve());
    work.due = PAST;
    await until('it ran', () => work.due === null, 15_000);
    await until('its runs are logged', async () => (await runsOf(app)).length === 3);
    expect(await runsOf(app)).toMatchObject([
      { outcome: 'done', attempt: 3, error: null },
      { outcome: 'failed', attempt: 2, error: 'not yet' },
      { outcome: 'failed', attempt: 1, error: 'not yet' },
    ]);
  });

  it('run one due work once, on whichever of two processes', async () => {
    const database = await aDatabase();
    opened.push({ close: () => database.drop() });
    const works = [workOf(await aWorkingApp(env, database)), workOf(await aWorkingApp(env, database))];
    let atOnce = 0;
    let most = 0;
    for (const work of works) {
      work.act = async () => {
        most = Math.max(most, ++atOnce);
        await new Promise((resolve) => setTimeout(resolve, 3_000));
        atOnce--;
        // The rows that say what is due are the same for all processes.
        for (const other of works) other.due = null;
      };
      work.due = PAST;
    }
    await until('it ran', () => works.every(({ due }) => due === null), 15_000);
    expect([works[0]!.runs + works[1]!.runs, most]).toEqual([1, 1]);
  });

  it('take up again what a worker held that died', async () => {
    const app = await aWorkingApp({ ...env, ROLE: 'api' });
    const queue = queueOf(app);
    await queue.add('test-work', {}, { jobId: 'due-test-work', attempts: 5 });
    // Takes the job, and is never heard of again.
    const dead = new JobWorker(DUE_WORK_QUEUE, null, { ...queue.opts, autorun: false, lockDuration: 1_000 });
    opened.push({ close: () => dead.close() });
    expect((await dead.getNextJob('dead'))?.id).toBe('due-test-work');
    const survivor = await aWorkingApp(env, app.database);
    const work = workOf(survivor);
    work.due = PAST;
    await until('another took it up', () => work.due === null, 25_000);
    expect(await runsOf(survivor)).toMatchObject([{ outcome: 'done', cause: 'job' }]);
  });
}

describe('Jobs on PostgreSQL', () => {
  storiesOf({});

  it.each(['look', 'run'] as const)(
    'keep nobody waiting for due work that hangs at its %s',
    async (place) => {
      const app = await aWorkingApp();
      const hanging = app.nest.get(HangingWork, { strict: false });
      hanging.hangsAt = place;
      await until('it hangs', () => hanging.hung > 0);
      const work = workOf(app);
      work.due = PAST;
      await until('the other ran', () => work.due === null);
      expect(hanging.hung).toBe(1);
      hanging.letGo();
    },
  );

  it('are done without while the queues are away, and carry again when they are back', async () => {
    const app = await aWorkingApp();
    const work = workOf(app);
    const asked = jest.spyOn(queueOf(app).opts.connection as unknown as JobsPool, 'query');
    await sql(app, 'ALTER SCHEMA bullmq RENAME TO away');
    work.due = PAST;
    await until('it ran here', () => work.due === null, 10_000);
    expect(await runsOf(app)).toMatchObject([{ outcome: 'done', cause: 'process' }]);
    asked.mockClear();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    // A worker that spins asks thousands of times.
    expect(asked.mock.calls.length).toBeLessThan(60);
    await sql(app, 'ALTER SCHEMA away RENAME TO bullmq');
    await until('jobs carry again', async () => {
      work.due = PAST;
      await until('it ran', () => work.due === null, 10_000);
      return (await runsOf(app)).some(({ cause }) => cause === 'job');
    });
  });

  it('wait for queues that are away at the start', async () => {
    const database = await aDatabase();
    opened.push({ close: () => database.drop() });
    const first = await aWorkingApp({ ROLE: 'api' }, database);
    await sql(first, 'ALTER SCHEMA bullmq RENAME TO away');
    // Migrations, which `anApp` runs for its extensions, would bring the schema back.
    const late = await createApp(testSettings(database), [dueWorkOfTests]);
    opened.push(late);
    await late.init();
    const work = late.get(TestWork, { strict: false });
    work.due = PAST;
    await until('it ran here', () => work.due === null, 10_000);
    await sql(first, 'ALTER SCHEMA away RENAME TO bullmq');
    await until('jobs carry it', async () => {
      work.due = PAST;
      await until('it ran', () => work.due === null, 10_000);
      return (await runsOf(first)).some(({ cause }) => cause === 'job');
    });
  });

  it('go on after the database dropped every connection', async () => {
    const app = await aWorkingApp();
    await sql(
      app,
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    const work = workOf(app);
    work.due = PAST;
    await until('it ran', () => work.due === null, 15_000);
    await until('jobs carry it', async () => {
      work.due = PAST;
      await until('it ran', () => work.due === null, 10_000);
      return (await runsOf(app)).some(({ cause }) => cause === 'job');
    });
  });

  it('take four database sessions of a process that works, and none of one that only answers', async () => {
    const app = await aWorkingApp({ ROLE: 'api' });
    const sessions = async () =>
      (await sql(app, `SELECT FROM pg_stat_activity WHERE datname = current_database() AND ${OF_JOBS}`))
        .length;
    expect(await sessions()).toBe(0);
    const working = await aWorkingApp({}, app.database);
    await Promise.all(Array.from({ length: 20 }, () => queueOf(working).getJobCountByTypes()));
    expect(await sessions()).toBeGreaterThan(1);
    expect(await sessions()).toBeLessThanOrEqual(4);
  });

  it('let a process stop that has not begun to work', async () => {
    const database = await aDatabase();
    opened.push({ close: () => database.drop() });
    const unborn = await createApp(testSettings(database), [dueWorkOfTests]);
    await expect(unborn.close()).resolves.toBeUndefined();
  });

  it('are closed at any moment of their start, and leave no session behind', async () => {
    const app = await aWorkingApp({ ROLE: 'api' });
    for (let pause = 0; pause < 40; pause++) {
      const pool = new JobsPool(app.settings.databaseUrl);
      const connection = pool as never;
      const queue = new JobQueue('closing', { connection });
      const worker = new JobWorker('closing', () => Promise.resolve(), { connection });
      await new Promise((resolve) => setTimeout(resolve, pause));
      await Promise.all([worker.close(), queue.close()]);
      pool.endNow();
    }
    await until('no session is left', async () => {
      const left = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND ${OF_JOBS}`;
      return (await sql(app, left)).length === 0;
    });
  });
});

describeWithRedis('Jobs on Redis', () => {
  storiesOf({ REDIS_URL: redisUrl });

  it('lose nothing when Redis is emptied under them', async () => {
    const app = await aWorkingApp({ REDIS_URL: redisUrl });
    const work = workOf(app);
    const begun = new Promise<void>((resolve) => {
      work.act = async () => {
        if (work.runs === 1) await emptyRedis(app);
        resolve();
      };
    });
    work.due = PAST;
    await begun;
    await until('it ran', () => work.due === null);
    work.due = PAST;
    await until('and again', () => work.due === null, 15_000);
    expect(work.runs).toBe(2);
  });

  it('are done without while Redis is away', async () => {
    // Nobody listens there.
    const app = await aWorkingApp({ REDIS_URL: 'redis://127.0.0.1:1' });
    const work = workOf(app);
    work.due = PAST;
    await until('it ran here', () => work.due === null, 10_000);
    expect(await runsOf(app)).toMatchObject([{ outcome: 'done', cause: 'process' }]);
  });

  /** As FLUSHALL would, but for this installation alone: others may test on the same server. */
  async function emptyRedis(app: TestApp): Promise<void> {
    const redis = new Redis(redisUrl);
    const keys = await redis.keys(`${redisPrefix(app.settings)}queues*`);
    if (keys.length > 0) await redis.del(...keys);
    await redis.quit();
  }
});

const OF_JOBS = `(application_name = 'upmoltwork queues' OR application_name LIKE 'jobs %')`;
