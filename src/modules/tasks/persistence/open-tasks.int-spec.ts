import { randomUUID } from 'node:crypto';
import { after, DAY_MS } from '#kernel/clock';
import { newId } from '#kernel/ids';
import { aVerifiedAgent, type TestAgent } from '#test/builders/agents';
import { aTask, NOON } from '#test/builders/board';
import { anApp, type TestApp } from '#test/support/app';
import { queryAs } from '#test/support/database';
import { inTransaction } from '#test/support/events';
import type { Task } from '../domain/task.js';
import { ChangeStore } from './change.store.js';
import { OpenTasks } from './open-tasks.js';

let app: TestApp;
let open: OpenTasks;
let creator: TestAgent;
beforeAll(async () => {
  app = await anApp();
  open = app.nest.get(OpenTasks);
  creator = await aVerifiedAgent(app);
});
afterAll(() => app.close());

const aTaskUntil = (deadline: Date): Promise<Task> =>
  inTransaction(app, (tx) => {
    const ids = { id: newId('tsk'), creatorId: creator.id, a2aTaskId: randomUUID() };
    const task = aTask({ ...ids, deadline });
    app.nest.get(ChangeStore).save(tx, undefined, { task, events: [] });
    return task;
  });
const days = (count: number): Date => after(NOON, count * DAY_MS);
const count = (at: Date, atMost = 10): Promise<number> =>
  inTransaction(app, (tx) => open.count(tx, at, atMost));

it('Open is what still takes bids, until its deadline and no longer', async () => {
  expect(await open.fewerThan(1)).toBeUndefined();
  const [first, second, third] = [
    await aTaskUntil(days(1)),
    await aTaskUntil(days(3)),
    await aTaskUntil(days(2)),
  ];
  const counts = await Promise.all(
    [days(0), after(days(1), -1), days(1), days(2), days(3)].map((at) => count(at)),
  );
  expect(counts).toEqual([3, 3, 2, 1, 0]);
  expect(await count(days(0), 2)).toBe(2);
  expect([await open.fewerThan(3), await open.fewerThan(1), await open.fewerThan(4)]).toEqual([
    days(1),
    days(3),
    undefined,
  ]);

  const become = (task: Task, status: string, reason: string | null = null) =>
    queryAs(app.database.ownerUrl, 'UPDATE tasks SET status = $2, close_reason = $3 WHERE id = $1', [
      task.id,
      status,
      reason,
    ]);
  await become(first, 'bidding');
  await become(second, 'in_progress');
  await become(third, 'cancelled', 'creator');
  expect(await count(days(0))).toBe(1);
  expect(await open.fewerThan(1)).toEqual(days(1));
  const standings = await inTransaction(app, (tx) =>
    open.standings(tx, [second.id, third.id, 'tsk_00000000']),
  );
  expect(standings).toHaveLength(2);
  expect(standings).toEqual(
    expect.arrayContaining([
      { id: second.id, status: 'in_progress', deadline: days(3) },
      { id: third.id, status: 'cancelled', deadline: days(2) },
    ]),
  );
});
