import { FigureStore } from '#modules/showcase';
import { DisputedWork, SubmissionsService } from '#modules/tasks';
import { UnitOfWork } from '#platform/database';
import { Relay } from '#platform/messaging';
import { anAgent, aVerifiedAgent, type TestAgent, verify } from '../builders/agents.js';
import {
  advance,
  anAcceptedBid,
  aPlacedBid,
  aPostedTask,
  cancel,
  grant,
  rulingOn,
  submit,
  votes,
} from '../builders/tasks.js';
import { reputation } from '../builders/validation.js';
import type { Json } from '../support/api.js';
import { anApp, OPERATOR_KEY, type TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';

const DAY_S = 86_400;

describe('The showcase', () => {
  let app: TestApp;
  let creator: TestAgent;
  let writer: TestAgent;
  let painter: TestAgent;
  beforeEach(async () => {
    app = await anApp();
    creator = await aVerifiedAgent(app, { name: 'Quill' });
    writer = await aVerifiedAgent(app, { name: 'Vellum', description: 'Writes about lighthouses' });
    painter = await aVerifiedAgent(app, { name: 'Pixelmoth' });
    await grant(app, creator, 10_000);
  });
  afterEach(() => app.close());

  /** What is public is counted on news: it is there once the news has arrived. */
  const read = async (path: string): Promise<Json> => {
    await app.nest.get(Relay).drained();
    const { status, body, text } = await app.api.get(path);
    if (status !== 200) throw new Error(`${path} answered ${status}: ${text}`);
    return body;
  };
  const deliver = async (executor: TestAgent, fields: Record<string, unknown> = {}): Promise<Json> => {
    const task = await anAcceptedBid(app, creator, executor, { validation_required: false, ...fields });
    const { status, text } = await submit(app, executor, task.id, { result_content: '# The result' });
    if (status !== 201) throw new Error(text);
    return task;
  };
  const judge = async (executor: TestAgent, verdict: 'approved' | 'rejected'): Promise<Json> => {
    const task = await anAcceptedBid(app, creator, executor, { price_points: 100 });
    const { body } = await submit(app, executor, task.id, { result_content: 'w'.repeat(2_000) });
    const [votesFor, votesAgainst] = verdict === 'approved' ? [2, 1] : [0, 2];
    await app.nest
      .get(UnitOfWork)
      .run((tx) =>
        app.nest.get(SubmissionsService).settle(tx, body.id, verdict, votes({ votesFor, votesAgainst })),
      );
    return task;
  };
  const ranking = async (query: string): Promise<unknown[]> =>
    (await read(`/public/leaderboard?${query}`)).data.map((entry: Json) => [
      entry.rank,
      entry.name,
      entry.tasks_completed,
      entry.earned_points,
    ]);

  it('feeds what was completed, the latest first, with the beginning of its result', async () => {
    const first = await deliver(writer, { title: 'The first', price_points: 50 });
    const judged = await judge(painter, 'approved');
    await judge(writer, 'rejected');
    await aPostedTask(app, creator);
    const page = await read('/public/feed?limit=1');
    expect(page.data).toEqual([
      {
        task_id: judged.id,
        title: judged.title,
        category: 'content',
        creator: { id: creator.id, name: 'Quill' },
        executor: { id: painter.id, name: 'Pixelmoth' },
        price: 100,
        currency: 'points',
        votes: { for: 2, against: 1 },
        result: { url: null, excerpt: 'w'.repeat(500) },
        completed_at: expect.any(String),
      },
    ]);
    const next = await read(`/public/feed?limit=1&cursor=${page.next_cursor}`);
    expect(next).toMatchObject({
      data: [{ task_id: first.id, votes: null, result: { excerpt: '# The result' } }],
      next_cursor: null,
    });
    expect(await read('/v1/public/feed?limit=1')).toEqual(page);
  });

  it('ranks by what was done and earned, in all time and in a period', async () => {
    await deliver(writer, { price_points: 100 });
    await read('/public/stats');
    await advance(app, 10 * DAY_S);
    await deliver(painter, { price_points: 20 });
    await deliver(painter, { price_points: 20 });
    expect((await ranking('sort=tasks_completed')).slice(0, 2)).toEqual([
      [1, 'Pixelmoth', 2, 38],
      [2, 'Vellum', 1, 95],
    ]);
    expect((await ranking('sort=earnings')).slice(0, 2)).toEqual([
      [1, 'Vellum', 1, 95],
      [2, 'Pixelmoth', 2, 38],
    ]);
    expect(await ranking('sort=earnings&period=30d')).toHaveLength(2);
    expect(await ranking('sort=earnings&period=7d')).toEqual([[1, 'Pixelmoth', 2, 38]]);
    await advance(app, 30 * DAY_S);
    expect(await ranking('sort=earnings&period=30d')).toEqual([]);
    expect(await ranking('sort=earnings&limit=3')).toHaveLength(3);
  });

  it('pages a leaderboard without losing count', async () => {
    await deliver(writer);
    const first = await read('/public/leaderboard?sort=tasks_completed&limit=2');
    const second = await read(`/public/leaderboard?sort=tasks_completed&limit=2&cursor=${first.next_cursor}`);
    expect([...first.data, ...second.data].map(({ rank }: Json) => rank)).toEqual([1, 2, 3]);
    expect(second.next_cursor).toBeNull();
  });

  it('follows what becomes of a reputation', async () => {
    await reputation(app, writer, 3.2);
    await reputation(app, painter, 4.1);
    const { data } = await read('/public/leaderboard');
    expect(data.map((entry: Json) => [entry.name, entry.reputation_score])).toEqual([
      ['Pixelmoth', 4.1],
      ['Vellum', 3.2],
      ['Quill', 0],
    ]);
  });

  it('takes off what a dispute has taken back, and whoever is suspended', async () => {
    const task = await judge(writer, 'approved');
    expect(await ranking('sort=earnings&period=7d')).toEqual([[1, 'Vellum', 1, 95]]);
    const disputes = app.nest.get(DisputedWork);
    await app.nest.get(UnitOfWork).run((tx) => disputes.open(tx, creator.id, task.id));
    await app.nest.get(UnitOfWork).run((tx) => disputes.overturn(tx, task.id, rulingOn(task)));
    expect(await ranking('sort=earnings&period=7d')).toEqual([]);
    expect(await ranking('sort=earnings')).toContainEqual([expect.any(Number), 'Vellum', 0, 0]);
    expect((await read('/public/feed')).data).toEqual([]);
    await deliver(painter);
    const suspending = { reason: 'Tried it out' };
    await app.api.post(`/v1/admin/agents/${painter.id}/suspend`, suspending, { key: OPERATOR_KEY });
    const names = (await read('/public/leaderboard')).data.map(({ name }: Json) => name);
    expect(names.toSorted()).toEqual(['Quill', 'Vellum']);
  });

  it('counts and ranks those who are verified now', async () => {
    const newcomer = await anAgent(app, { name: 'Newcomer' });
    const known = async (): Promise<unknown> => {
      const { data } = await read('/public/leaderboard');
      // What the page of figures shows, past the seconds for which that is kept.
      const { agentsRegistered: registered, agentsVerified: verified } = await app.nest
        .get(FigureStore)
        .total();
      return { registered, verified, names: data.map(({ name }: Json) => name).toSorted() };
    };
    const names = ['Pixelmoth', 'Quill', 'Vellum'];
    expect(await known()).toEqual({ registered: 4, verified: 3, names });
    const act = (deed: string) =>
      app.api.post(`/v1/admin/agents/${newcomer.id}/${deed}`, { reason: 'A story' }, { key: OPERATOR_KEY });
    for (const [deed, verified] of [
      [() => verify(app, newcomer), true],
      [() => act('suspend'), false],
      [() => act('reinstate'), true],
    ] as const) {
      await deed();
      const ranked = verified ? ['Newcomer', ...names] : names;
      expect(await known()).toEqual({ registered: 4, verified: ranked.length, names: ranked });
    }
  });

  it('counts everything once, whatever is told twice', async () => {
    await deliver(writer, { price_points: 100 });
    await judge(painter, 'approved');
    await judge(writer, 'rejected');
    await aPostedTask(app, creator, { category: 'images', price_points: 40 });
    await app.nest.get(Relay).drained();
    await queryAs(
      app.database.ownerUrl,
      `UPDATE event_done SET position = 0 WHERE subscriber LIKE 'showcase-%'`,
    );
    const stats = await read('/public/stats');
    expect(stats).toMatchObject({
      agents: { registered: 3, verified: 3 },
      tasks: { posted: 4, completed: 2, cancelled: 1 },
      volume: { points: 200, usdc: 0 },
      validation: { approved: 1, rejected: 1, unanimous: 1 },
    });
    expect(stats.tasks.by_category).toContainEqual({ category: 'images', tasks: 1, points: 40 });
    expect(stats.tasks.by_status).toContainEqual({ status: 'open', tasks: 1 });
    expect(stats.days).toHaveLength(30);
    expect(stats.days.at(-1)).toMatchObject({ tasks_posted: 4, tasks_completed: 2, volume_points: 200 });
  });

  it('writes no figure anew for news that changes none', async () => {
    const task = await aPostedTask(app, creator);
    await app.nest.get(Relay).drained();
    const days = () => queryAs(app.database.ownerUrl, 'SELECT day, xmin::text FROM showcase_days');
    const before = await days();
    await queryAs(
      app.database.ownerUrl,
      `UPDATE event_done SET position = 0 WHERE subscriber LIKE 'showcase-%'`,
    );
    await app.nest.get(Relay).drained();
    await aPlacedBid(app, writer, task.id);
    await app.nest.get(Relay).drained();
    expect(await days()).toEqual(before);
  });

  it('leaves each day its score, whatever is told again', async () => {
    await reputation(app, writer, 2);
    await advance(app, DAY_S);
    await reputation(app, writer, 3);
    await reputation(app, writer, 4);
    await app.nest.get(Relay).drained();
    const scores = async (): Promise<unknown[]> =>
      (
        await queryAs<{ reputation: string }>(
          app.database.ownerUrl,
          'SELECT reputation FROM showcase_agent_days WHERE agent_id = $1 AND reputation IS NOT NULL ORDER BY day',
          [writer.id],
        )
      ).map((row) => Number(row.reputation));
    expect(await scores()).toEqual([2, 4]);
    await queryAs(
      app.database.ownerUrl,
      `UPDATE event_done SET position = 0 WHERE subscriber = 'showcase-agents'`,
    );
    await app.nest.get(Relay).drained();
    expect(await scores()).toEqual([2, 4]);
  });

  it('counts what follows when the clock was set back', async () => {
    const task = await aPostedTask(app, creator);
    await read('/public/stats');
    const ahead = `UPDATE showcase_tasks SET updated_at = updated_at + interval '1 hour'`;
    await queryAs(app.database.ownerUrl, ahead);
    await cancel(app, creator, task.id);
    await app.nest.get(Relay).drained();
    const [row] = await queryAs(app.database.ownerUrl, 'SELECT tasks_cancelled FROM showcase_days');
    expect(row).toEqual({ tasks_cancelled: '1' });
  });

  it('says what each category is for, and finds tasks and agents', async () => {
    await aPostedTask(app, creator, { title: 'Paint a lighthouse', category: 'images' });
    const { data } = await read('/public/categories');
    expect(data).toHaveLength(8);
    expect(data[1]).toEqual({
      category: 'images',
      title: 'Images',
      description: expect.any(String),
      open_tasks: 1,
      tasks: 1,
    });
    const found = await read('/public/search?q=lighthouses');
    expect(found.tasks.map(({ title }: Json) => title)).toEqual(['Paint a lighthouse']);
    expect(found.agents.map(({ name }: Json) => name)).toEqual(['Vellum']);
  });
});

describe('The showcase, asked for what it does not have,', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await anApp();
  });
  afterAll(() => app.close());

  it.each([
    'search?q=-lighthouse',
    'feed?cursor=x',
    'leaderboard?sort=name',
    'leaderboard?period=1y',
    'search',
    'search?q=a&limit=21',
    'search?q=%00',
    `search?q=${encodeURIComponent('\u2764\ufe0f'.repeat(101))}`,
    'feed?limit=0',
    'leaderboard?cursor=WyJyZXB1dGF0aW9uIGFsbCIsMV0',
  ])('refuses %s', async (query) => {
    expect((await app.api.get(`/public/${query}`)).status).toBe(422);
  });
});
