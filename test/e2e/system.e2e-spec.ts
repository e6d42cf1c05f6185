import { Injectable, Module } from '@nestjs/common';
import type { Extension } from '#extensions/extension';
import { DomainError } from '#kernel/errors/domain-error';
import type { Tx } from '#kernel/tx';
import { SubmissionsService, TaskPolicy, type Task, type TaskPolicyProvider } from '#modules/tasks';
import { Outbox, Relay } from '#platform/messaging';
import { aVerifiedAgent } from '../builders/agents.js';
import { anOperator } from '../builders/operators.js';
import { aPostedTask, balanceOf, bid, grant, heldFor } from '../builders/tasks.js';
import type { Json } from '../support/api.js';
import { anApp, OPERATOR_KEY, type TestApp } from '../support/app.js';
import { aDatabase, queryAs, type TestDatabase } from '../support/database.js';
import { inTransaction } from '../support/events.js';
import {
  aDataFolder,
  endPrograms,
  removeDataFolder,
  startProgram,
  type Program,
} from '../support/programs.js';
import { until } from '../support/until.js';

const HOUR_S = 60 * 60;
const DAY_S = 24 * HOUR_S;
const AS_SHIPPED = { SYSTEM_TASKS: 'on' } as const;
/** A Wednesday, in the middle of a month and of a quarter. */
const WEDNESDAY = '2030-03-13T12:00:00.000Z';

interface Posting {
  kind: string;
  occasion: string;
  task_id: string;
  posted_at: Date;
  status: string;
  deadline: Date;
}

let database: TestDatabase;
const apps: TestApp[] = [];
beforeEach(async () => {
  database = await aDatabase();
});
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  await database.drop();
});

async function started(
  env: Parameters<typeof anApp>[0] = {},
  extensions?: readonly Extension[],
): Promise<TestApp> {
  const app = await anApp(env, database, extensions);
  apps.push(app);
  return app;
}
async function stopped(app: TestApp): Promise<void> {
  apps.splice(apps.indexOf(app), 1);
  await app.close();
}
/** Before a start: from then on the clock runs. */
const startAt = (time: string) =>
  queryAs(database.ownerUrl, 'UPDATE clock SET offset_ms = $1', [Date.parse(time) - Date.now()]);
const postings = (): Promise<Posting[]> =>
  queryAs<Posting & Record<string, unknown>>(
    database.ownerUrl,
    `SELECT kind, occasion, task_id, posted_at, status, deadline
       FROM system_postings JOIN tasks ON tasks.id = task_id ORDER BY row_id`,
  );
const occasionsOf = async (kind: string): Promise<string[]> =>
  (await postings()).filter((posting) => posting.kind === kind).map(({ occasion }) => occasion);
const open = async ({ api }: TestApp): Promise<Json[]> => {
  const { body } = await api.get('/v1/tasks?status=open&limit=100');
  return body.data;
};
const tenAreOpen = (app: TestApp) => until('ten tasks are open', async () => (await open(app)).length === 10);
const advance = async ({ api }: TestApp, seconds: number): Promise<void> => {
  const answer = await api.post('/sandbox/clock/advance', { seconds });
  if (answer.status !== 200) throw new Error(answer.text);
};
const operate = ({ api }: TestApp, act: 'run' | 'preview', body: object = {}, key = OPERATOR_KEY) =>
  api.post(`/v1/admin/system/${act}`, { reason: 'Told by the story', ...body }, { key });
const edit = ({ api }: TestApp, kind: string, body: object, key = OPERATOR_KEY) =>
  api.patch(`/v1/admin/system/catalogue/${kind}`, { reason: 'Told by the story', ...body }, { key });

describe('The first start', () => {
  it('publishes ten tasks of the platform, one of a kind, and the next starts none', async () => {
    await startAt(WEDNESDAY);
    const first = await started(AS_SHIPPED);
    await tenAreOpen(first);
    for (const task of await open(first))
      expect(task).toMatchObject({
        creator_agent_id: 'agt_system',
        system_task: true,
        auto_accept_first: true,
        validation_required: true,
        status: 'open',
      });
    const kinds = (await postings()).map(({ kind }) => kind);
    expect(new Set(kinds).size).toBe(10);
    expect(kinds).not.toContain('case_study');
    for (const { task_id } of await postings()) expect(await heldFor(first, task_id)).toBeGreaterThan(0);

    await stopped(first);
    const second = await started(AS_SHIPPED);
    const { body } = await operate(second, 'run');
    expect(body.posted).toEqual([]);
    expect(await open(second)).toHaveLength(10);
    const verified = await second.api.post(
      '/v1/admin/ledger/verify',
      { full: true, reason: 'Told by the story' },
      { key: OPERATOR_KEY },
    );
    expect(verified.body.clean).toBe(true);
  });

  it('publishes none where it is switched off, also of what completes', async () => {
    const app = await started();
    await approved(app, 'tsk_finished', { price: 500 });
    await advance(app, 40 * DAY_S);
    expect(await postings()).toEqual([]);
  });
});

describe('A task of the platform', () => {
  it('is taken by the first who bids, at once, and replaced within the hour', async () => {
    await startAt(WEDNESDAY);
    const app = await started(AS_SHIPPED);
    await tenAreOpen(app);
    const agent = await aVerifiedAgent(app);
    const [bug] = (await postings()).filter(({ kind }) => kind === 'bug_report');
    const dear = await bid(app, agent, bug!.task_id, { price_points: 50.01 });
    expect(dear.status).toBe(409);
    expect(dear.body).toMatchObject({ error: 'bid_above_price', task_id: bug!.task_id, price_points: 50 });
    expect((await app.api.get(`/v1/tasks/${bug!.task_id}`)).body).toMatchObject({
      status: 'open',
      bids_count: 0,
    });
    const placed = await bid(app, agent, bug!.task_id);
    expect(placed.status).toBe(201);
    expect(placed.body).toMatchObject({ status: 'accepted', price_points: 50 });
    const { body } = await app.api.get(`/v1/tasks/${bug!.task_id}`, { key: agent.key });
    expect(body).toMatchObject({
      status: 'in_progress',
      executor_agent_id: agent.id,
      agreed_price: { amount: 50, currency: 'points' },
    });
    expect(await heldFor(app, bug!.task_id)).toBe(50);
    expect(await balanceOf(app, agent)).toBe(110);

    expect(await open(app)).toHaveLength(9);
    await advance(app, HOUR_S);
    expect(await open(app)).toHaveLength(10);
    // The only kind that may come again, but for those that the calendar brings.
    expect((await postings()).at(-1)).toMatchObject({
      kind: 'bug_report',
      occasion: `after ${bug!.task_id}`,
    });
  });

  it('is executed two at a time by one agent, also when it asks for all of them at once', async () => {
    await startAt(WEDNESDAY);
    const app = await started(AS_SHIPPED);
    await tenAreOpen(app);
    const agent = await aVerifiedAgent(app);
    const all = await open(app);
    const answers = await Promise.all(all.map(({ id }) => bid(app, agent, id)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(8);
    for (const { status, body } of answers)
      if (status === 409) expect(body).toMatchObject({ error: 'too_many_system_tasks', system_tasks_max: 2 });
    const taken = answers.flatMap(({ status, body }): string[] => (status === 201 ? [body.task_id] : []));
    const { body } = await app.api.get(`/v1/tasks?executor=${agent.id}&status=in_progress`);
    expect(new Set(body.data.map(({ id }: Json) => id))).toEqual(new Set(taken));

    // Handed in it is still in hand; decided it is not.
    const work = await app.api.post(
      `/v1/tasks/${taken[0]}/submit`,
      { result_content: 'Done.' },
      { key: agent.key },
    );
    const [next] = await open(app);
    expect((await bid(app, agent, next.id)).body.error).toBe('too_many_system_tasks');
    const votes = { votesFor: 0, votesAgainst: 2, ratings: [], decidedBy: 'panel' as const };
    await inTransaction(app, (tx) =>
      app.nest.get(SubmissionsService).settle(tx, work.body.id, 'rejected', votes),
    );
    expect((await bid(app, agent, next.id)).body.status).toBe('accepted');
  });

  it('is not added while agents keep the board full', async () => {
    const app = await started();
    const creator = await aVerifiedAgent(app);
    await grant(app, creator, 10_000);
    for (let n = 0; n < 8; n++) await aPostedTask(app, creator);
    expect((await operate(app, 'preview')).body).toMatchObject({ open_tasks: 8, open_tasks_wanted: 10 });
    expect((await operate(app, 'run')).body.posted).toHaveLength(2);
    expect((await operate(app, 'preview')).body).toMatchObject({ open_tasks: 10, would_post: [] });
    expect((await operate(app, 'run')).body).toEqual({ posted: [], not_posted: [] });
  });
});

describe('Many at once', () => {
  it('publish each thing once: ten runs at two processes', async () => {
    await startAt(WEDNESDAY);
    const [here, there] = [await started(), await started()];
    const ten = <T>(act: (app: TestApp) => Promise<T>): Promise<T[]> =>
      Promise.all(Array.from({ length: 10 }, (_, n) => act(n % 2 === 0 ? here : there)));

    const runs = await ten((app) => operate(app, 'run'));
    expect(runs.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(runs.flatMap(({ body }) => body.posted)).toHaveLength(10);
    expect(await postings()).toHaveLength(10);
    expect(new Set((await postings()).map(({ kind }) => kind)).size).toBe(10);

    const reports = await ten((app) => operate(app, 'run', { kind: 'stats_report' }));
    const posted = reports.flatMap(({ body }) => body.posted);
    expect(posted).toEqual([
      expect.objectContaining({
        kind: 'stats_report',
        occasion: 'week:2030-03-11',
        title: 'Compile the weekly platform stats report (the week of 2030-03-11)',
        price_points: 30,
      }),
    ]);
    const why = reports.flatMap(({ body }) => body.not_posted);
    expect(why).toHaveLength(9);
    for (const one of why) expect(one).toEqual({ kind: 'stats_report', why: 'still_open', detail: null });
  });

  it('publish each thing once: two processes that start at the same moment', async () => {
    await startAt(WEDNESDAY);
    const both = await Promise.all([started(AS_SHIPPED), started(AS_SHIPPED)]);
    await tenAreOpen(both[0]);
    await until('both have looked', async () => (await schedule(both[0], 'system-liquidity')) === 'done');
    await advance(both[1], 5 * DAY_S);
    expect(
      (await occasionsOf('stats_report')).filter((occasion) => occasion === 'week:2030-03-18'),
    ).toHaveLength(1);
    expect((await occasionsOf('tweet_thread')).toSorted()).toEqual(['week:2030-03-11', 'week:2030-03-18']);
  });
});

describe('The calendar', () => {
  it('has in sixty days every Monday, month and quarter once', async () => {
    await startAt(WEDNESDAY);
    const app = await started(AS_SHIPPED);
    await tenAreOpen(app);
    await advance(app, 60 * DAY_S);
    const mondays = ['03-18', '03-25', '04-01', '04-08', '04-15', '04-22', '04-29', '05-06'];
    const weeks = mondays.map((day) => `week:2030-${day}`);
    expect(await occasionsOf('stats_report')).toEqual(weeks);
    // The week that had begun was the tenth task of the first start.
    expect(await occasionsOf('tweet_thread')).toEqual(['week:2030-03-11', ...weeks]);
    expect(await occasionsOf('competitor_research')).toEqual(['month:2030-04', 'month:2030-05']);
    expect(await occasionsOf('category_template')).toEqual(['quarter:2030-Q2']);
    for (const { kind, occasion, posted_at } of await postings())
      if (kind === 'stats_report')
        expect(posted_at.toISOString().slice(0, 16)).toBe(`${occasion.slice(5)}T10:00`);
    expect(await overlaps()).toEqual([]);
    expect(await schedule(app, 'system-calendar')).toBe('done');
  });

  it('makes up for the latest period alone after a month of silence', async () => {
    await startAt(WEDNESDAY);
    const before = await started(AS_SHIPPED);
    await tenAreOpen(before);
    await until('the calendar has begun', async () => (await schedule(before, 'system-calendar')) === 'done');
    await stopped(before);
    await startAt('2030-04-17T12:00:00.000Z');
    await started(AS_SHIPPED);
    await until('it has posted', async () => (await occasionsOf('competitor_research')).length > 0);
    await until('it has closed', async () => (await closedPeriods()).length === 3);
    expect(await occasionsOf('stats_report')).toEqual(['week:2030-04-15']);
    expect(await occasionsOf('tweet_thread')).toEqual(['week:2030-03-11', 'week:2030-04-15']);
    expect(await occasionsOf('competitor_research')).toEqual(['month:2030-04']);
    expect(await occasionsOf('category_template')).toEqual(['quarter:2030-Q2']);
  });
});

describe('What dies in between', () => {
  afterEach(() => Failing.reset());

  it('loses nothing and doubles nothing, in the middle of the first ten', async () => {
    await startAt(WEDNESDAY);
    Failing.at = [4, 5, 9];
    const app = await started(AS_SHIPPED, [failing]);
    await tenAreOpen(app);
    await until('the hour is done', async () => (await schedule(app, 'system-liquidity')) === 'done');
    expect(Failing.asked).toBe(13);
    expect(new Set((await postings()).map(({ kind }) => kind)).size).toBe(10);
  });

  it('loses nothing and doubles nothing, between two kinds of a Monday', async () => {
    await startAt('2030-03-17T12:00:00.000Z');
    const app = await started(AS_SHIPPED, [failing]);
    await tenAreOpen(app);
    Failing.titled = /stats report/;
    await advance(app, DAY_S);
    expect(Failing.titled).toBeUndefined();
    expect(await occasionsOf('tweet_thread')).toEqual(['week:2030-03-18']);
    expect(await occasionsOf('stats_report')).toEqual(['week:2030-03-18']);
  });

  it('holds up nobody when a rule of the installation refuses', async () => {
    Failing.refused = /bug/;
    const app = await started({}, [failing]);
    const { body } = await operate(app, 'run');
    expect(body.posted).toHaveLength(10);
    expect(body.not_posted).toEqual([
      { kind: 'bug_report', why: 'refused', detail: 'This house has no bugs.' },
    ]);
  });

  it('is gone on with after kill -9', async () => {
    const home = aDataFolder();
    const published = async ({ api }: Program): Promise<string[]> =>
      (await api.get('/v1/tasks?limit=100')).body.data.map(({ title }: Json) => title);
    try {
      const first = await startProgram({ DATA_DIR: home });
      await until('some are published', async () => (await published(first)).length > 0);
      first.signal('SIGKILL');
      await first.ended();
      const second = await startProgram({ DATA_DIR: home });
      await until('ten are published', async () => (await published(second)).length === 10);
      expect(new Set(await published(second)).size).toBe(10);
    } finally {
      await endPrograms();
      await removeDataFolder(home);
    }
  });
});

describe('A case study', () => {
  it('is asked for once about each task of 100 points that a verdict approved, and never about a case study', async () => {
    const app = await started({ ...AS_SHIPPED });
    await tenAreOpen(app);
    await approved(app, 'tsk_notable1', { title: 'Draw {task_id}\nand more' });
    await approved(app, 'tsk_notable1', { told: { overturned: true } });
    await approved(app, 'tsk_cheap001', { price: 99.99 });
    await approved(app, 'tsk_usdconly', { price: 500, currency: 'usdc' });
    await approved(app, 'tsk_unjudged', { price: 500, told: { decided_by: null } });
    await approved(app, 'tsk_silence1', { price: 500, told: { decided_by: 'silence' } });
    expect(await occasionsOf('case_study')).toEqual(['tsk_notable1']);
    const [posting] = (await postings()).filter(({ kind }) => kind === 'case_study');
    const { body } = await app.api.get(`/v1/tasks/${posting!.task_id}`);
    expect(body).toMatchObject({
      title: 'Write a case study about task: Draw {task_id} and more',
      category: 'content',
      price_points: 80,
      system_task: true,
    });
    expect(body.description).toContain('/v1/tasks/tsk_notable1');

    // Also when it is dear enough: otherwise one story would be told about the other for ever.
    await approved(app, posting!.task_id, { price: 500 });
    const [sdk] = (await postings()).filter(({ kind }) => kind === 'sdk_wrapper');
    await approved(app, sdk!.task_id, { price: 200, told: { decided_by: 'operator' } });
    expect(await occasionsOf('case_study')).toEqual(['tsk_notable1', sdk!.task_id]);
  });

  it('comes once a week for either side, five times a day, and to neither of the two', async () => {
    await startAt(WEDNESDAY);
    const app = await started({ ...AS_SHIPPED });
    await tenAreOpen(app);
    const [ann, bob] = [await aVerifiedAgent(app), await aVerifiedAgent(app)];
    await approved(app, 'tsk_ofannbob', { creator: ann.id, executor: bob.id });
    await approved(app, 'tsk_asbefore', { creator: ann.id, executor: bob.id });
    await approved(app, 'tsk_turned00', { creator: bob.id });
    expect(await occasionsOf('case_study')).toEqual(['tsk_ofannbob']);
    const [posting] = (await postings()).filter(({ kind }) => kind === 'case_study');
    for (const party of [ann, bob]) {
      const refused = await bid(app, party, posting!.task_id);
      expect(refused.status).toBe(409);
      expect(refused.body).toMatchObject({ error: 'party_to_subject', about_task_id: 'tsk_ofannbob' });
    }
    expect((await bid(app, await aVerifiedAgent(app), posting!.task_id)).body.status).toBe('accepted');

    const many = Array.from({ length: 6 }, (_, n) => `tsk_another${n}`);
    for (const id of many) await approved(app, id);
    expect(await occasionsOf('case_study')).toEqual(['tsk_ofannbob', ...many.slice(0, 4)]);
    await advance(app, DAY_S);
    await approved(app, 'tsk_nextday0');
    await approved(app, 'tsk_thisweek', { creator: ann.id });
    await advance(app, 5 * DAY_S);
    await approved(app, 'tsk_nextweek', { creator: ann.id });
    expect((await occasionsOf('case_study')).slice(5)).toEqual(['tsk_nextday0', 'tsk_nextweek']);
  });

  it('is not earned by a trade that nobody judged, nor by a price that was not agreed', async () => {
    const app = await started(AS_SHIPPED);
    const [creator, executor] = [await aVerifiedAgent(app), await aVerifiedAgent(app)];
    await grant(app, creator, 500);
    const traded = async (fields: object, price?: number): Promise<Json> => {
      const task = await aPostedTask(app, creator, { price_points: 150, auto_accept_first: true, ...fields });
      await bid(app, executor, task.id, price === undefined ? {} : { price_points: price });
      const { body } = await app.api.post(
        `/v1/tasks/${task.id}/submit`,
        { result_content: 'Done.' },
        { key: executor.key },
      );
      return body;
    };
    const settle = async ({ id }: Json): Promise<void> => {
      const votes = { votesFor: 2, votesAgainst: 0, ratings: [], decidedBy: 'panel' as const };
      await inTransaction(app, (tx) => app.nest.get(SubmissionsService).settle(tx, id, 'approved', votes));
    };
    await traded({ validation_required: false });
    await settle(await traded({}, 10));
    await app.nest.get(Relay).drained();
    expect(await occasionsOf('case_study')).toEqual([]);
    const judged = await traded({});
    await settle(judged);
    await app.nest.get(Relay).drained();
    expect(await occasionsOf('case_study')).toEqual([judged.task_id]);
  });

  it('is not asked for while its kind is switched off', async () => {
    const app = await started({ ...AS_SHIPPED });
    expect((await edit(app, 'case_study', { enabled: false })).status).toBe(200);
    await approved(app, 'tsk_notable1');
    expect(await occasionsOf('case_study')).toEqual([]);
    const run = await operate(app, 'run', { kind: 'case_study' });
    expect(run.body.not_posted).toEqual([{ kind: 'case_study', why: 'disabled', detail: null }]);
  });
});

describe('Operators', () => {
  it('read, act and change settings, each by role, and everything is in the log', async () => {
    const app = await started();
    const [viewer, operator] = [await anOperator(app, 'viewer'), await anOperator(app, 'operator')];
    const list = (key: string) => app.api.get('/v1/admin/system/catalogue', { key });
    expect((await list(viewer.key)).body.data).toHaveLength(14);
    expect((await app.api.get('/v1/admin/system/catalogue')).status).toBe(401);
    const statuses = [
      (await operate(app, 'preview', {}, viewer.key)).status,
      (await operate(app, 'run', {}, viewer.key)).status,
      (await edit(app, 'banner', { points: 45 }, operator.key)).status,
      (await operate(app, 'preview', {}, operator.key)).status,
      (await operate(app, 'run', { kind: 'banner' }, operator.key)).status,
      (await edit(app, 'banner', { points: 45 })).status,
    ];
    expect(statuses).toEqual([403, 403, 403, 200, 200, 200]);
    const audit = await app.api.get('/v1/admin/audit?limit=4', { key: viewer.key });
    expect(audit.body.data.map(({ act, subject }: Json) => [act, subject])).toEqual([
      ['system.catalogue_edit', 'banner'],
      ['system.run', 'banner'],
      ['system.preview', 'everything due'],
      ['operator_key.create', operator.id],
    ]);
    expect(audit.body.data[0].details).toEqual({ points: 45 });
  });

  it('see before what a run will post', async () => {
    await startAt(WEDNESDAY);
    const app = await started();
    const preview = (await operate(app, 'preview')).body;
    expect(preview.would_post).toHaveLength(10);
    expect(preview.would_not_post).toEqual([
      { kind: 'case_study', why: 'waits_for_event', detail: null },
      { kind: 'category_template', why: 'not_needed', detail: null },
      { kind: 'stats_report', why: 'not_needed', detail: null },
      { kind: 'competitor_research', why: 'not_needed', detail: null },
    ]);
    expect(await postings()).toEqual([]);
    const { posted } = (await operate(app, 'run')).body;
    const names = (tasks: Json[]): string[] =>
      tasks.map(({ kind, occasion, title }) => `${kind} ${occasion} ${title}`).toSorted();
    expect(names(posted)).toEqual(names(preview.would_post));
    const one = (await operate(app, 'preview', { kind: 'translation' })).body;
    expect(one).toMatchObject({
      would_post: [],
      would_not_post: [{ kind: 'translation', why: 'still_open' }],
    });
  });

  it('change an entry: it holds from then on, over restarts, and leaves what is on the board', async () => {
    const before = await started();
    const changes = {
      title: 'Report from {variant}',
      acceptance_criteria: ['It is about {variant}.'],
      points: 12.5,
      category: 'video',
      variants: ['Rome', 'Oslo'],
      deadline_days: 2,
    };
    const edited = await edit(before, 'translation', changes);
    expect(edited.body).toMatchObject({
      kind: 'translation',
      cadence: 'per_language',
      ...changes,
      enabled: true,
    });
    expect(edited.body.edited.toSorted()).toEqual(Object.keys(changes).toSorted());
    expect((await edit(before, 'translation', { points: 15 })).body).toMatchObject({
      ...changes,
      points: 15,
    });
    await stopped(before);
    const app = await started();
    const { posted } = (await operate(app, 'run', { kind: 'translation' })).body;
    expect(posted).toEqual([
      expect.objectContaining({ title: 'Report from Rome', price_points: 15, occasion: 'Rome: first' }),
    ]);
    const task = (await app.api.get(`/v1/tasks/${posted[0].task_id}`)).body;
    expect(task).toMatchObject({ category: 'video', acceptance_criteria: ['It is about Rome.'] });
    const [{ posted_at, deadline } = {} as Posting] = await postings();
    expect(deadline.getTime() - posted_at.getTime()).toBe(2 * DAY_S * 1000);
    await edit(app, 'translation', { points: 99 });
    expect((await app.api.get(`/v1/tasks/${task.id}`)).body.price_points).toBe(15);
  });

  describe('are told what is wrong with', () => {
    // One for all: had one of them changed anything, it and those after it would find that out.
    let app: TestApp;
    beforeAll(async () => {
      app = await anApp();
    });
    afterAll(() => app.close());

    it.each([
      { what: 'no reason', body: { reason: undefined }, pointer: '/reason' },
      { what: 'a price too low', body: { points: 9.99 }, pointer: '/points' },
      { what: 'too many decimals', body: { points: 10.001 }, pointer: '/points' },
      { what: 'null', body: { title: null }, pointer: '/title' },
      { what: 'a title that is too long', body: { title: 'x'.repeat(201) }, pointer: '/title' },
      { what: 'no criteria', body: { acceptance_criteria: [] }, pointer: '/acceptance_criteria' },
      { what: 'an unknown category', body: { category: 'poetry' }, pointer: '/category' },
      { what: 'the same variant twice', body: { variants: ['a', 'a'] }, pointer: '/variants' },
      { what: 'a title without the variant', body: { title: 'Translate it' }, pointer: '/title' },
      { what: 'a cadence', body: { cadence: 'weekly' }, pointer: '/cadence' },
      { what: 'half a day', body: { deadline_days: 0.5 }, pointer: '/deadline_days' },
    ])('$what, and nothing changes', async ({ body, pointer }) => {
      const answer = await edit(app, 'translation', body);
      expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([422, pointer]);
      const { data } = (await app.api.get('/v1/admin/system/catalogue', { key: OPERATOR_KEY })).body;
      expect(data.every(({ edited }: Json) => edited.length === 0)).toBe(true);
    });
  });

  it('are told of kinds that are not there', async () => {
    const app = await started();
    const answers = [
      await edit(app, 'poems', { points: 10 }),
      await operate(app, 'run', { kind: 'poems' }),
      await operate(app, 'preview', { kind: 'poems' }),
    ];
    for (const { status, body } of answers)
      expect([status, body.error]).toEqual([404, 'catalogue_kind_not_found']);
    expect((await operate(app, 'run', { kind: '../x' })).status).toBe(422);
  });
});

/** As the board announces it, of a task that others can look up; who did it and what was paid does not matter here. */
/** A task that a panel has approved, as the board tells it. */
async function approved(
  app: TestApp,
  taskId: string,
  { price = 100, currency = 'points', title = 'A task', told = {}, ...parties }: Partial<Json> = {},
): Promise<void> {
  const creator = (parties['creator'] as string | undefined) ?? (await aVerifiedAgent(app)).id;
  const executor = (parties['executor'] as string | undefined) ?? (await aVerifiedAgent(app)).id;
  await queryAs(
    database.ownerUrl,
    `INSERT INTO tasks (id, a2a_task_id, creator_agent_id, category, title, description, acceptance_criteria,
                        price_points, status, deadline, created_at, updated_at, executor_agent_id, accepted_bid_id,
                        accepted_currency, accepted_price, accepted_at)
     VALUES ($1, gen_random_uuid(), $2, 'content', $3, 'Done.', '{Done}', 10, 'completed', now(), now(), now(), $4,
             'bid_00000001', $5, $6, now())
     ON CONFLICT (id) DO UPDATE SET status = 'completed', executor_agent_id = $4, accepted_bid_id = 'bid_00000001',
             accepted_currency = $5, accepted_price = $6, accepted_at = now()`,
    [taskId, creator, title, executor, currency, price],
  );
  await queryAs(
    database.ownerUrl,
    `INSERT INTO submissions (id, task_id, agent_id, result_content, digest, status, submitted_at, decided_at)
     VALUES ('sub_' || right($1, 8), $1, $2, 'Done.', 'd', 'approved', now(), now()) ON CONFLICT DO NOTHING`,
    [taskId, executor],
  );
  const data = {
    task_id: taskId,
    submission_id: `sub_${taskId.slice(4)}`,
    agent_id: executor,
    creator_agent_id: creator,
    votes_for: 2,
    votes_against: 0,
    ratings: [],
    decided_by: 'panel' as const,
    overturned: false,
    payout: null,
    ...(told as object),
  };
  await inTransaction(app, (tx) =>
    app.nest.get(Outbox).record(tx, { name: 'submission.approved', subject: taskId, audience: [], data }),
  );
  await app.nest.get(Relay).drained();
}

async function schedule({ api }: TestApp, name: string): Promise<string | null> {
  const { body } = await api.get('/v1/admin/schedules', { key: OPERATOR_KEY });
  return body.data.find((one: Json) => one.name === name).last_outcome;
}

const closedPeriods = () =>
  queryAs(database.ownerUrl, `SELECT cadence FROM system_calendar WHERE period >= '2030-04-01'`);

/** Kinds of which two lay on the board at the same time; nobody took any. */
async function overlaps(): Promise<string[]> {
  const all = await postings();
  return all.flatMap((one, index) => {
    const next = all.slice(index + 1).find(({ kind }) => kind === one.kind);
    return next && next.posted_at < one.deadline ? [`${one.kind}: ${one.occasion}, ${next.occasion}`] : [];
  });
}

class NoBugs extends DomainError {
  static override readonly kind = 'conflict';
  constructor() {
    super('This house has no bugs.');
  }
}

/** A rule of an installation that refuses, or breaks, as a test says. */
@Injectable()
@TaskPolicy()
class Failing implements TaskPolicyProvider {
  static at: number[] = [];
  static titled: RegExp | undefined;
  static refused: RegExp | undefined;
  static asked = 0;

  static reset(): void {
    [Failing.at, Failing.titled, Failing.refused, Failing.asked] = [[], undefined, undefined, 0];
  }

  beforeCreate(_: Tx, { title }: Task): void {
    Failing.asked++;
    if (Failing.refused?.test(title)) throw new NoBugs();
    if (Failing.titled?.test(title)) {
      Failing.titled = undefined;
      throw new Error('It died.');
    }
    if (Failing.at.includes(Failing.asked)) throw new Error('It died.');
  }
}

@Module({ providers: [Failing] })
class FailingModule {}

const failing: Extension = { module: FailingModule };
