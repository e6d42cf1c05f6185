import { randomUUID } from 'node:crypto';
import { after, before, DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel/clock';
import { newId } from '#kernel/ids';
import { UnitOfWork } from '#platform/database';
import { aVerifiedAgent, type TestAgent } from '#test/builders/agents';
import { aTask, NOON } from '#test/builders/board';
import { anApp, type TestApp } from '#test/support/app';
import { queryAs } from '#test/support/database';
import { inTransaction } from '#test/support/events';
import type { Board } from '../domain/change.js';
import { expire, warned } from '../domain/expire.js';
import { releasePayout } from '../domain/settle.js';
import { TASK_STATUSES, type Task } from '../domain/task.js';
import { ChangeStore } from './change.store.js';
import { DueStore } from './due.store.js';
import { TaskStore } from './task.store.js';

let app: TestApp;
let due: DueStore;
let store: TaskStore;
let changes: ChangeStore;
let creator: TestAgent;
beforeAll(async () => {
  // Its own due work must not be quicker.
  app = await anApp({ ROLE: 'api' });
  [due, store, changes] = [app.nest.get(DueStore), app.nest.get(TaskStore), app.nest.get(ChangeStore)];
  creator = await aVerifiedAgent(app);
});
afterEach(() =>
  queryAs(app.database.ownerUrl, 'TRUNCATE tasks, task_search, task_matches, bids, submissions CASCADE'),
);
afterAll(() => app.close());

const inserted = (fields: Partial<Task> = {}): Promise<Task> =>
  inTransaction(app, async (tx) => {
    const posted = aTask({ creatorId: creator.id, id: newId('tsk'), a2aTaskId: randomUUID(), ...fields });
    const task = { ...posted, ...stateOf(fields) };
    changes.save(tx, undefined, { task, events: [] });
    return (await store.lock(tx, task.id)).task;
  });
const boardOf = (task: Task): Board => ({ task, bids: [] });
/** With what its state requires of a row. */
const stateOf = ({ status, acceptedAt, warnedAt, payoutState, payoutDueAt, closeReason }: Partial<Task>) => ({
  status: status ?? 'open',
  closeReason: closeReason ?? (status === 'cancelled' ? 'creator' : null),
  warnedAt: warnedAt ?? null,
  payoutState: payoutState ?? null,
  payoutDueAt: payoutDueAt ?? null,
  ...(acceptedAt
    ? {
        executorId: creator.id,
        acceptedBidId: 'bid_00000001',
        acceptedCurrency: 'points' as const,
        acceptedPrice: '10.000000',
        acceptedAt,
      }
    : {}),
});
const all = async (ids: AsyncIterable<string>): Promise<string[]> => {
  const found: string[] = [];
  for await (const id of ids) found.push(id);
  return found.toSorted();
};
const idsOf = (tasks: readonly Task[]): string[] => tasks.map(({ id }) => id).toSorted();

/** Around every border that the rules have. */
const TIMES = [-HOUR_MS - 1, -HOUR_MS, -1, 0, 1, MINUTE_MS, DAY_MS - 1, DAY_MS, DAY_MS + 1, 3 * DAY_MS];

describe('What is due', () => {
  it('is what the rules say is due, of tasks in every state and around every border', async () => {
    const tasks: Task[] = [];
    for (const status of TASK_STATUSES)
      for (const ms of TIMES)
        for (const age of [2 * DAY_MS, HOUR_MS]) {
          const isTaken = !['open', 'bidding', 'cancelled'].includes(status);
          tasks.push(
            await inserted({
              status,
              deadline: after(NOON, ms),
              createdAt: before(NOON, age),
              acceptedAt: isTaken ? before(NOON, age / 2) : null,
              payoutState: status === 'completed' || status === 'disputed' ? 'held' : null,
              payoutDueAt: status === 'completed' || status === 'disputed' ? after(NOON, ms) : null,
            }),
          );
        }
    expect(await all(due.expired(NOON))).toEqual(idsOf(tasks.filter((task) => expire(boardOf(task), NOON))));
    expect(await all(due.duePayouts(NOON))).toEqual(
      idsOf(tasks.filter((task) => releasePayout(boardOf(task), NOON))),
    );
    const toWarn = tasks.filter((task) => warned(boardOf(task), NOON));
    expect(toWarn.length).toBeGreaterThan(0);
    const claimed = await inTransaction(app, (tx) => due.claimToWarn(tx, NOON));
    expect(idsOf(claimed.map(({ task }) => task))).toEqual(idsOf(toWarn));
  });

  it.each<[string, Partial<Task>, { expiry?: number; warning?: number; payout?: number }]>([
    ['open', { createdAt: before(NOON, 5 * DAY_MS) }, { expiry: 1, warning: -DAY_MS }],
    ['bidding, too short to be warned of', { status: 'bidding', createdAt: NOON }, { expiry: 1 }],
    [
      'worked on',
      { status: 'in_progress', acceptedAt: before(NOON, 9 * DAY_MS) },
      { expiry: HOUR_MS, warning: -DAY_MS },
    ],
    ['warned of', { warnedAt: NOON, createdAt: before(NOON, 5 * DAY_MS) }, { expiry: 1 }],
    ['held', { status: 'completed', acceptedAt: NOON, payoutState: 'held' }, { payout: 0 }],
    ['disputed', { status: 'disputed', acceptedAt: NOON, payoutState: 'held' }, {}],
    ['closed', { status: 'cancelled' }, {}],
  ])('next of a task that is %s', async (_, fields, { expiry, warning, payout }) => {
    const deadline = after(NOON, HOUR_MS);
    await inserted({ deadline, payoutDueAt: fields.payoutState ? deadline : null, ...fields });
    const at = (ms: number | undefined): Date | null => (ms === undefined ? null : after(deadline, ms));
    expect([await due.nextExpiry(), await due.nextWarning(NOON), await due.nextPayout()]).toEqual([
      at(expiry),
      at(warning),
      at(payout),
    ]);
  });

  it('of more than one page is walked to the end', async () => {
    const tasks: Task[] = [];
    for (let n = 0; n < 203; n++) tasks.push(await inserted({ deadline: before(NOON, 1 + (n % 3)) }));
    expect(await all(due.expired(NOON))).toEqual(idsOf(tasks));
  });

  it('is claimed by one, and what is locked is left to who has it', async () => {
    const [first, second] = [await inserted({ deadline: before(NOON, 1) }), await inserted()];
    const work = app.nest.get(UnitOfWork);
    await work.run(async (tx) => {
      expect((await due.claim(tx, first.id))?.task.id).toBe(first.id);
      await work.run(async (other) => {
        expect(await due.claim(other, first.id)).toBeUndefined();
        expect((await due.claim(other, second.id))?.task.id).toBe(second.id);
      });
    });
  });

  it('is found by its index, however many tasks there are', async () => {
    await inserted({ deadline: after(NOON, 3 * DAY_MS) });
    await inserted({ status: 'completed', acceptedAt: NOON });
    await queryAs(
      app.database.ownerUrl,
      `INSERT INTO tasks SELECT copy.* FROM tasks, generate_series(1, 2000) AS n, jsonb_populate_record(tasks,
         jsonb_build_object('id', 'tsk_' || left(status, 1) || lpad(n::text, 7, '0'), 'a2a_task_id', gen_random_uuid()))
         AS copy`,
    );
    await queryAs(app.database.ownerUrl, 'ANALYZE tasks');
    const plan = (sql: string) =>
      inTransaction(app, async (tx) => {
        await tx.query('SET LOCAL enable_seqscan = off');
        const rows = await tx.query<Record<string, string>>(`EXPLAIN ${sql}`);
        return rows.map((row) => row['QUERY PLAN']).join('\n');
      });
    expect(
      await plan(`SELECT min(deadline) FROM tasks WHERE status IN ('open', 'bidding', 'in_progress')
        AND warned_at IS NULL AND deadline - coalesce(accepted_at, created_at) >= interval '24 hours' AND deadline > '${NOON.toISOString()}'`),
    ).toContain('tasks_to_warn');
    expect(await plan(`SELECT min(deadline) FROM tasks WHERE status = 'open'`)).toContain(
      'tasks_status_deadline',
    );
    expect(
      await plan(`SELECT min(payout_due_at) FROM tasks WHERE payout_state = 'held' AND status = 'completed'`),
    ).toContain('tasks_payout_due');
  });
});
