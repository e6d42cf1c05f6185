import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { after } from '#kernel/clock';
import { newId } from '#kernel/ids';
import { aVerifiedAgent, type TestAgent } from '#test/builders/agents';
import { aTask, NOON } from '#test/builders/board';
import { anApp, type TestApp } from '#test/support/app';
import { queryAs } from '#test/support/database';
import { inTransaction } from '#test/support/events';
import { AlreadyBid } from '../bid.errors.js';
import { placeBid } from '../domain/place-bid.js';
import type { Task } from '../domain/task.js';
import { TaskNotFound } from '../tasks.errors.js';
import { BidStore } from './bid.store.js';
import { ChangeStore } from './change.store.js';
import { RankedSearch } from './ranked.search.js';
import { TaskSearch, type TaskQuery } from './task.search.js';
import { TaskStore } from './task.store.js';

let app: TestApp;
let store: TaskStore;
let changes: ChangeStore;
let bids: BidStore;
let creator: TestAgent;
let bidder: TestAgent;
beforeAll(async () => {
  app = await anApp();
  [store, bids] = [app.nest.get(TaskStore), app.nest.get(BidStore)];
  changes = app.nest.get(ChangeStore);
  [creator, bidder] = [await aVerifiedAgent(app), await aVerifiedAgent(app)];
});
afterAll(() => app.close());

/** As the service would insert it, without the money. */
const inserted = (fields: Partial<Task> = {}): Promise<Task> =>
  inTransaction(app, (tx) => {
    const ids = { id: newId('tsk'), creatorId: creator.id, a2aTaskId: randomUUID() };
    const task = aTask({ ...ids, ...fields });
    changes.save(tx, undefined, { task, events: [] });
    return task;
  });
const offer = { proposedApproach: 'So', estimatedMinutes: null, pricePoints: '10.00', priceUsdc: null };
const place = (task: Task, by = bidder) =>
  inTransaction(app, async (tx) => {
    const board = await store.lock(tx, task.id);
    const placed = placeBid(board, newId('bid'), offer, by.id, NOON);
    changes.save(tx, board, placed);
    return placed.bids![0]!;
  });

describe('A task', () => {
  it('is read as it was written, from each of the three readers', async () => {
    const task = await inserted({ payoutHoldHours: 24, repostedFrom: 'tsk_00000009' });
    const { id } = task;
    expect(await store.get(id)).toEqual(task);
    await inTransaction(app, async (tx) => {
      expect(await store.lock(tx, id)).toEqual({ task, bids: [] });
      expect(await store.lockWithBids(tx, id)).toEqual({ task, bids: [] });
    });
    await expect(store.get('tsk_00000000')).rejects.toThrow(TaskNotFound);
    await expect(inTransaction(app, (tx) => store.lock(tx, 'tsk_00000000'))).rejects.toThrow(TaskNotFound);
  });

  it('keeps everything that an act may change, with its bids', async () => {
    const task = await inserted();
    const bid = await place(task);
    const later = after(NOON, 1_000);
    const acted: Task = {
      ...(await store.get(task.id)),
      status: 'completed',
      executorId: bidder.id,
      bidsCount: 1,
      acceptedBidId: bid.id,
      acceptedCurrency: 'points',
      acceptedPrice: '10.000000',
      acceptedAt: later,
      payoutState: 'held',
      payoutAmount: '9.500000',
      payoutFee: '0.500000',
      payoutDueAt: later,
      progressPercent: 40,
      progressMessage: 'Half way',
      progressAt: later,
      warnedAt: later,
      closedAt: later,
      updatedAt: later,
    };
    const decided = { ...bid, status: 'accepted', decidedAt: later } as const;
    await inTransaction(app, (tx) =>
      changes.save(tx, { task, bids: [bid] }, { task: acted, bids: [decided], events: [] }),
    );
    expect(await store.get(task.id)).toEqual(acted);
    expect(await bids.ownOf(task.id, bidder.id)).toEqual(decided);
  });

  it('keeps everything that an edit may change, and is found by its new words', async () => {
    const task = await inserted({ title: 'Before quokka' });
    const edited: Task = {
      ...task,
      category: 'video',
      title: 'After wombat',
      description: 'Another',
      acceptanceCriteria: ['Numbat'],
      pricePoints: '20.50',
      priceUsdc: '5.000000',
      deadline: after(task.deadline, 1_000),
      autoAcceptFirst: true,
      maxBids: 7,
      validationRequired: false,
      payoutHoldHours: 72,
      revision: 1,
      updatedAt: after(NOON, 5),
    };
    await inTransaction(app, (tx) => changes.save(tx, { task, bids: [] }, { task: edited, events: [] }));
    expect(await store.get(task.id)).toEqual(edited);
    const find = async (q: string) =>
      (await app.nest.get(RankedSearch).page({ q }, undefined, 10)).tasks.map(({ id }) => id);
    expect([await find('quokka'), await find('wombat'), await find('numbat')]).toEqual([
      [],
      [task.id],
      [task.id],
    ]);
  });
});

describe('The lock of a task', () => {
  it('shows whoever waited for it the bids that were placed meanwhile', async () => {
    const task = await inserted();
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    let locked = (): void => {};
    const isLocked = new Promise<void>((resolve) => (locked = resolve));
    const placing = inTransaction(app, async (tx) => {
      const board = await store.lock(tx, task.id);
      locked();
      changes.save(tx, board, placeBid(board, newId('bid'), offer, bidder.id, NOON));
      await held;
    });
    await isLocked;
    const waits = inTransaction(app, (tx) => store.lockWithBids(tx, task.id));
    await untilSomebodyWaits();
    release();
    await placing;
    const seen = await waits;
    expect(seen.task.bidsCount).toBe(1);
    expect(seen.bids.map(({ agentId }) => agentId)).toEqual([bidder.id]);
  });

  it('comes with pending bids, and with the one that is asked for', async () => {
    const task = await inserted();
    const withdrawn = await place(task);
    const pending = await place(task, await aVerifiedAgent(app));
    await inTransaction(app, (tx) =>
      changes.save(
        tx,
        { task, bids: [withdrawn] },
        { task, bids: [{ ...withdrawn, status: 'withdrawn', decidedAt: NOON }], events: [] },
      ),
    );
    const idsWith = (bidId?: string) =>
      inTransaction(app, async (tx) =>
        (await store.lockWithBids(tx, task.id, bidId)).bids.map(({ id }) => id).toSorted(),
      );
    expect(await idsWith()).toEqual([pending.id]);
    expect(await idsWith(withdrawn.id)).toEqual([withdrawn.id, pending.id].toSorted());
  });

  async function untilSomebodyWaits(): Promise<void> {
    for (;;) {
      const waiting = await queryAs(
        app.database.superuserUrl,
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      if (waiting.length > 0) return;
      await sleep(5);
    }
  }
});

describe('A bid', () => {
  it('is one per agent and task, also when the table alone can tell', async () => {
    const task = await inserted();
    await place(task);
    await expect(place(task)).rejects.toThrow(AlreadyBid);
    expect((await store.get(task.id)).bidsCount).toBe(1);
  });
});

describe('Search', () => {
  const search = () => app.nest.get(TaskSearch);
  const query = (fields: Partial<TaskQuery> = {}): TaskQuery => ({
    filter: {},
    sort: 'newest',
    after: undefined,
    limit: 21,
    ...fields,
  });

  it('shares a query between those who ask the same, and only between them', async () => {
    await inserted({ category: 'images', title: 'An image' });
    const [all, again, images] = await Promise.all([
      search().page(query()),
      search().page(query()),
      search().page(query({ filter: { category: 'images' } })),
    ]);
    expect(again).toEqual(all);
    expect(images.map(({ title }) => title)).toEqual(['An image']);
    expect(all.length).toBeGreaterThan(1);
  });

  it('sees what was committed before it was asked', async () => {
    for (let round = 0; round < 5; round++) {
      const asking = search().page(query({ limit: 1 }));
      const { id } = await inserted({ createdAt: after(NOON, 1_000_000 + round) });
      expect((await search().page(query({ limit: 1 })))[0]!.id).toBe(id);
      await asking;
    }
  });

  it('ranks windows of the newest matches, and reaches every match once', async () => {
    const count = 430;
    await queryAs(
      app.database.ownerUrl,
      `WITH many AS (
         INSERT INTO tasks (id, a2a_task_id, creator_agent_id, category, title, description, acceptance_criteria,
                            price_points, deadline, created_at, updated_at)
         SELECT 'tsk_m' || lpad(n::text, 7, '0'), gen_random_uuid(), $1, 'content',
                CASE WHEN n % 7 = 0 THEN 'aardvark ' ELSE 'plain ' END || n, 'An aardvark', '{x}', 10, $2::timestamptz,
                $2::timestamptz + n * interval '1 ms', $2::timestamptz
           FROM generate_series(1, $3::int) n RETURNING id, created_at, title, description)
       INSERT INTO task_search (task_id, created_at, words)
       SELECT id, created_at, setweight(to_tsvector('english', title), 'A')
                              || setweight(to_tsvector('english', description), 'B') FROM many`,
      [creator.id, NOON, count],
    );
    const found: { id: string; title: string }[] = [];
    let cursor: readonly string[] | undefined;
    do {
      const page = await app.nest.get(RankedSearch).page({ q: 'aardvark' }, cursor, 33);
      found.push(...page.tasks);
      cursor = page.next?.map(String);
    } while (cursor);
    expect(found).toHaveLength(count);
    expect(new Set(found.map(({ id }) => id)).size).toBe(count);
    const isInTitle = found.map(({ title }) => title.startsWith('aardvark'));
    // Within each window those with the word in the title come first.
    const windows = [isInTitle.slice(0, 200), isInTitle.slice(200, 400), isInTitle.slice(400)];
    for (const window of windows) expect(window).toEqual(window.toSorted((a, b) => Number(b) - Number(a)));
    const newest = found.slice(0, 200).map(({ id }) => Number(id.slice(5)));
    expect(Math.min(...newest)).toBe(count - 199);
  });
});
