import { randomUUID } from 'node:crypto';
import { after, Clock, HOUR_MS } from '#kernel/clock';
import { newId } from '#kernel/ids';
import { Database } from '#platform/database';
import type { AnyEventOf } from '#platform/messaging';
import { aVerifiedAgent } from '#test/builders/agents';
import { aTask } from '#test/builders/board';
import { anApp, type TestApp } from '#test/support/app';
import { queryAs } from '#test/support/database';
import { inTransaction } from '#test/support/events';
import { until } from '#test/support/until';
import { MatchesSubscriber } from '../board/matches.subscriber.js';
import type { Task } from '../domain/task.js';
import { ChangeStore } from './change.store.js';
import { MATCHES_AN_HOUR_MAX, MatchStore } from './match.store.js';
import { TaskStore } from './task.store.js';

let app: TestApp;
let tasks: TaskStore;
let store: MatchStore;
beforeAll(async () => {
  app = await anApp();
  [tasks, store] = [app.nest.get(TaskStore), app.nest.get(MatchStore)];
  await aVerifiedAgent(app, { specializations: ['prototypes'] });
});
afterAll(() => app.close());

/** As the service would insert it, without the money and without the news. */
const inserted = (creatorId: string): Promise<Task> =>
  inTransaction(app, (tx) => {
    const ids = { id: newId('tsk'), creatorId, a2aTaskId: randomUUID() };
    const task = aTask({ ...ids, category: 'prototypes' });
    app.nest.get(ChangeStore).save(tx, undefined, { task, events: [] });
    return Promise.resolve(task);
  });
const newsOf = (some: readonly Task[]) =>
  some.map(({ id }) => ({ subject: id }) as AnyEventOf<'task.created'>);
const toldOf = (creatorId: string) =>
  queryAs<{ task_id: string; told: boolean }>(
    app.database.ownerUrl,
    'SELECT task_id, told FROM task_matches WHERE creator_agent_id = $1',
    [creatorId],
  );
const announced = async (some: readonly Task[]): Promise<number> => {
  const [row] = await queryAs<{ count: number }>(
    app.database.ownerUrl,
    `SELECT count(*)::int AS count FROM outbox WHERE name = 'task.new_match' AND subject = ANY ($1)`,
    [some.map(({ id }) => id)],
  );
  return row!.count;
};

describe('Matches of one creator', () => {
  it('are told for 30 tasks an hour, however many replicas tell of them and however often', async () => {
    const { id: creatorId } = await aVerifiedAgent(app);
    const many = await Promise.all(Array.from({ length: 40 }, () => inserted(creatorId)));
    const subscriber = app.nest.get(MatchesSubscriber);
    const [early, late] = [newsOf(many.slice(0, 25)), newsOf(many.slice(15))];
    await Promise.all([subscriber.tell(early), subscriber.tell(late), subscriber.tell(late)]);
    expect(await announced(many)).toBe(MATCHES_AN_HOUR_MAX);
    expect((await toldOf(creatorId)).filter(({ told }) => told)).toHaveLength(MATCHES_AN_HOUR_MAX);

    const another = await inserted((await aVerifiedAgent(app)).id);
    await subscriber.tell(newsOf([another]));
    expect(await announced([another])).toBe(1);

    // An hour later those over the limit are not made up for, and a new one is told.
    const later = after(app.nest.get(Clock).now(), HOUR_MS);
    const fresh = await inserted(creatorId);
    const claims = (some: readonly Task[]) =>
      Promise.all(some.map((task) => inTransaction(app, (tx) => store.claim(tx, task, later))));
    expect(new Set(await claims(many))).toEqual(new Set(['taken']));
    expect(await claims([fresh])).toEqual(['told']);
  });

  it('are told of a task no more once it is taken, also when that happens just then', async () => {
    const { id: creatorId } = await aVerifiedAgent(app);
    const task = await inserted(creatorId);
    let telling: Promise<void> | undefined;
    await inTransaction(app, async (tx) => {
      const before = await tasks.lock(tx, task.id);
      const cancelled: Task = { ...before.task, status: 'cancelled', closeReason: 'creator' };
      app.nest.get(ChangeStore).save(tx, before, { task: cancelled, events: [] });
      telling = app.nest.get(MatchesSubscriber).tell(newsOf([task]));
      await until('the subscriber waits for the task', somebodyWaits);
    });
    await telling;
    expect(await announced([task])).toBe(0);
  });
});

async function somebodyWaits(): Promise<boolean> {
  const waiting = await app.nest
    .get(Database)
    .query(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`);
  return waiting.length > 0;
}
