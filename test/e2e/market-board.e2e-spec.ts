import { randomUUID } from 'node:crypto';
import { Clock } from '#kernel/clock';
import { TasksService } from '#modules/tasks';
import { UnitOfWork } from '#platform/database';
import { Relay } from '#platform/messaging';
import { anAgent, aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import {
  aPlacedBid,
  aPostedTask,
  aTaskBody,
  balanceOf,
  cancel,
  grant,
  heldFor,
  post,
  wrapUp,
} from '../builders/tasks.js';
import type { Json } from '../support/api.js';
import { anApp, OPERATOR_KEY, type TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';
import { TEXTS, VALUES } from '../support/hostile-values.js';
import { openRequests } from '../support/open-requests.js';
import { SseReader } from '../support/sse.js';
import { until } from '../support/until.js';

const DAY_MS = 86_400_000;

describe('The board', () => {
  let app: TestApp;
  let creator: TestAgent;
  let other: TestAgent;
  beforeAll(async () => {
    app = await anApp();
    [creator, other] = [await aVerifiedAgent(app), await aVerifiedAgent(app)];
    await grant(app, creator, 100_000);
  });
  afterAll(() => wrapUp(app));

  const rows = async (): Promise<Json> => {
    const [row] = await queryAs(
      app.database.ownerUrl,
      `SELECT (SELECT count(*) FROM tasks) AS tasks, (SELECT count(*) FROM transactions) AS legs,
              (SELECT count(*) FROM task_search) AS words, (SELECT sum(tasks_created) FROM agents) AS counted`,
    );
    return row;
  };
  const edit = (id: string, body: Record<string, unknown>, { key } = creator) =>
    app.api.patch(`/v1/tasks/${id}`, body, { key });
  const read = (id: string, options = {}) => app.api.get(`/v1/tasks/${id}`, options);
  const history = async (id: string): Promise<Json[]> => {
    await app.nest.get(Relay).drained();
    return (await app.api.get(`/v1/tasks/${id}/events?limit=100`)).body.data;
  };
  const inbox = async ({ key }: TestAgent, type: string): Promise<Json[]> => {
    await app.nest.get(Relay).drained();
    return (await app.api.get(`/v1/agents/me/events?limit=100&types=${type}`, { key })).body.data;
  };

  describe('A task', () => {
    it('moves its price to escrow when it is posted', async () => {
      const before = await balanceOf(app, creator);
      const counted = (await app.api.get(`/v1/agents/${creator.id}`)).body.tasks_created;
      const posted = await post(app, creator, { price_points: 12.34 });
      expect(posted.status).toBe(201);
      expect(posted.body).toMatchObject({
        id: expect.stringMatching(/^tsk_[0-9a-z]{8}$/),
        a2a_task_id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4/),
        creator_agent_id: creator.id,
        executor_agent_id: null,
        price_points: 12.34,
        price_usdc: null,
        status: 'open',
        close_reason: null,
        auto_accept_first: false,
        max_bids: 10,
        bids_count: 0,
        validation_required: true,
        payout_hold_hours: 0,
        system_task: false,
        payout: null,
        progress: null,
      });
      const ahead = Date.parse(posted.body.deadline) - Date.parse(posted.body.created_at);
      expect(ahead).toBe(7 * DAY_MS);
      expect(await balanceOf(app, creator)).toBeCloseTo(before - 12.34, 2);
      expect(await heldFor(app, posted.body.id)).toBe(12.34);
      expect((await app.api.get(`/v1/agents/${creator.id}`)).body.tasks_created).toBe(counted + 1);
      const { next_actions: offered, ...shown } = posted.body;
      expect(offered.map(({ action }: Json) => action)).toEqual(['edit', 'cancel']);
      const { next_actions: none, ...seen } = (await read(posted.body.id)).body;
      expect([seen, none]).toEqual([shown, []]);
    });

    it('is not posted without funds, and leaves nothing behind', async () => {
      const before = await rows();
      const poor = await aVerifiedAgent(app);
      const afterwards = { ...before, legs: (await rows()).legs };
      const refused = await post(app, poor, { price_points: 110.01 });
      expect([refused.status, refused.body.error]).toEqual([409, 'insufficient_balance']);
      expect(await rows()).toEqual(afterwards);
      expect((await post(app, poor, { price_points: 110 })).status).toBe(201);
    });

    it('is posted by verified agents alone', async () => {
      const unverified = await anAgent(app);
      const refused = await post(app, unverified, { price_points: 10 });
      expect([refused.status, refused.body.error]).toEqual([403, 'verification_required']);
      expect((await app.api.post('/v1/tasks', aTaskBody())).status).toBe(401);
    });

    it('is posted and paid once for one Idempotency-Key', async () => {
      const before = await rows();
      const headers = { 'idempotency-key': randomUUID() };
      const send = () => app.api.post('/v1/tasks', aTaskBody(), { key: creator.key, headers });
      const first = await send();
      const again = await send();
      expect(again.text).toBe(first.text);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect(Number((await rows()).tasks)).toBe(Number(before.tasks) + 1);
    });

    const wrong: [Record<string, unknown>, string][] = [
      [{ category: 'cooking' }, '/category'],
      [{ category: null }, '/category'],
      [{ title: '' }, '/title'],
      [{ title: '   ' }, '/title'],
      [{ title: 'x'.repeat(201) }, '/title'],
      // Two code points each, as the column counts them.
      [{ title: '❤️'.repeat(200) }, '/title'],
      [{ title: 'a\u0000b' }, '/title'],
      [{ title: '\ud800' }, '/title'],
      [{ description: 'x'.repeat(20_001) }, '/description'],
      [{ description: 7 }, '/description'],
      [{ acceptance_criteria: [] }, '/acceptance_criteria'],
      [{ acceptance_criteria: Array(21).fill('x') }, '/acceptance_criteria'],
      [{ acceptance_criteria: ['x'.repeat(501)] }, '/acceptance_criteria'],
      [{ acceptance_criteria: [''] }, '/acceptance_criteria'],
      [{ acceptance_criteria: [null] }, '/acceptance_criteria'],
      [{ acceptance_criteria: 'all' }, '/acceptance_criteria'],
      [{ price_points: 9.99 }, '/price_points'],
      [{ price_points: 1_000_000.01 }, '/price_points'],
      [{ price_points: 10.005 }, '/price_points'],
      [{ price_points: '50' }, '/price_points'],
      [{ price_points: 1e11 }, '/price_points'],
      [{ price_points: null }, '/price_points'],
      [{ price_points: undefined }, '/price_points'],
      [{ price_usdc: 0.001 }, '/price_usdc'],
      [{ price_usdc: 100_001 }, '/price_usdc'],
      [{ price_usdc: 0.1234567 }, '/price_usdc'],
      [{ deadline: 'abc' }, '/deadline'],
      [{ deadline: '2026-02-30T00:00:00Z' }, '/deadline'],
      [{ deadline: 1_800_000_000 }, '/deadline'],
      [{ deadline: '2020-01-01T00:00:00Z' }, '/deadline'],
      [{ deadline: '9999-12-31T23:59:59-12:00' }, '/deadline'],
      [{ deadline: '9999-12-31T23:59:59Z' }, '/deadline'],
      [{ deadline: null }, '/deadline'],
      [{ max_bids: 0 }, '/max_bids'],
      [{ max_bids: 101 }, '/max_bids'],
      [{ max_bids: 1.5 }, '/max_bids'],
      [{ max_bids: null }, '/max_bids'],
      [{ payout_hold_hours: 73 }, '/payout_hold_hours'],
      [{ payout_hold_hours: -1 }, '/payout_hold_hours'],
      [{ auto_accept_first: 'yes' }, '/auto_accept_first'],
      [{ validation_required: null }, '/validation_required'],
      [{ status: 'completed' }, '/status'],
    ];
    const shown = (fields: unknown): string => JSON.stringify(fields).slice(0, 60);
    it.each(wrong.map(([fields, pointer]) => ({ what: shown(fields), fields, pointer })))(
      'is not posted with $what',
      async ({ fields, pointer }) => {
        const before = await rows();
        const refused = await post(app, creator, fields);
        expect(refused.status).toBe(422);
        expect(refused.body.errors.map((one: Json) => one.pointer)[0]).toContain(pointer);
        expect(await rows()).toEqual(before);
      },
    );

    it('takes what is at the bounds', async () => {
      const bounds = await aPostedTask(app, creator, {
        title: '🦄'.repeat(200),
        description: 'ü'.repeat(20_000),
        acceptance_criteria: Array(20).fill('x'.repeat(500)),
        price_points: 10,
        max_bids: 100,
        payout_hold_hours: 72,
        deadline: new Date(Date.now() + 301_000).toISOString(),
      });
      expect(bounds).toMatchObject({ price_points: 10, max_bids: 100, payout_hold_hours: 72 });
      expect(bounds.title).toBe('🦄'.repeat(200));
    });

    it('has no price in USDC before such payments are enabled', async () => {
      for (const fields of [{ price_usdc: 5 }, { price_usdc: 5, price_points: null }]) {
        const refused = await post(app, creator, fields);
        expect([refused.status, refused.body.error]).toEqual([422, 'usdc_not_enabled']);
        expect(refused.body.errors[0].pointer).toBe('/price_usdc');
      }
    });

    it('that does not exist is not found', async () => {
      for (const path of ['', '/events', '/bids']) {
        const refused = await app.api.get(`/v1/tasks/tsk_00000000${path}`);
        expect([refused.status, refused.body.error]).toEqual([404, 'task_not_found']);
      }
      expect((await edit('tsk_00000000', { title: 'x' })).status).toBe(404);
      expect((await cancel(app, creator, 'nonsense')).status).toBe(404);
    });
  });

  it('takes the request of the spec, byte for byte, in March 2026', async () => {
    // Back in the present its deadline has passed, and it is refunded when the sweep comes by: to nobody else's account.
    const author = await aVerifiedAgent(app);
    await grant(app, author, 150);
    const march = jest.spyOn(app.nest.get(Clock), 'now').mockReturnValue(new Date('2026-03-12T12:00:00Z'));
    try {
      const posted = await app.api.post(
        '/v1/tasks',
        `{
  "category": "content",
  "title": "Write a technical blog post about x402 micropayments",
  "description": "1200-word technical blog post explaining x402 protocol...",
  "acceptance_criteria": [
    "1200+ words",
    "Includes code examples",
    "Covers client and server integration",
    "Professional tone, no marketing fluff"
  ],
  "price_points": 150,
  "price_usdc": null,
  "deadline": "2026-03-15T00:00:00Z",
  "auto_accept_first": false,
  "max_bids": 5,
  "validation_required": true
}`,
        { key: author.key },
      );
      expect(posted.status).toBe(201);
      expect(posted.body).toMatchObject({
        category: 'content',
        title: 'Write a technical blog post about x402 micropayments',
        price_points: 150,
        deadline: '2026-03-15T00:00:00.000Z',
        max_bids: 5,
      });
    } finally {
      march.mockRestore();
    }
  });

  describe('Editing', () => {
    it('changes what is sent, and the escrow with the price', async () => {
      const task = await aPostedTask(app, creator, { price_points: 50 });
      const before = await balanceOf(app, creator);
      const dearer = await edit(task.id, { price_points: 80, title: 'A dearer one' });
      expect(dearer.status).toBe(200);
      expect(dearer.body).toMatchObject({ price_points: 80, title: 'A dearer one', category: 'content' });
      expect(await heldFor(app, task.id)).toBe(80);
      await edit(task.id, { price_points: 20 });
      expect(await heldFor(app, task.id)).toBe(20);
      await edit(task.id, { price_points: 80 });
      expect(await heldFor(app, task.id)).toBe(80);
      expect(await balanceOf(app, creator)).toBeCloseTo(before - 30, 2);
      const { body } = await app.api.get('/v1/tasks?q=dearer&limit=1');
      expect(body.data[0].id).toBe(task.id);
    });

    it('that changes nothing is told to nobody, and moves nothing', async () => {
      const task = await aPostedTask(app, creator, { price_points: 30 });
      const edited = await edit(task.id, { price_points: 40 });
      const events = (await history(task.id)).length;
      const before = await rows();
      const { title, description, acceptance_criteria, category, deadline, max_bids } = task;
      const same = {
        title,
        description,
        acceptance_criteria,
        category,
        deadline,
        max_bids,
        price_points: 40,
      };
      for (const body of [same, {}, { price_points: 40, price_usdc: null }]) {
        const again = await edit(task.id, body);
        expect([again.status, again.body.updated_at]).toEqual([200, edited.body.updated_at]);
      }
      expect(await rows()).toEqual(before);
      expect(await history(task.id)).toHaveLength(events);
      const [{ revision } = { revision: -1 }] = await queryAs<{ revision: number }>(
        app.database.ownerUrl,
        'SELECT revision FROM tasks WHERE id = $1',
        [task.id],
      );
      expect(revision).toBe(1);
    });

    it('costs what the creator has, or is refused as a whole', async () => {
      const poor = await aVerifiedAgent(app);
      const task = await aPostedTask(app, poor, { price_points: 100 });
      const refused = await edit(task.id, { price_points: 120, title: 'Never' }, poor);
      expect([refused.status, refused.body.error]).toEqual([409, 'insufficient_balance']);
      expect((await read(task.id)).body.title).toBe('Write a technical blog post');
      expect(await heldFor(app, task.id)).toBe(100);
    });

    it('is the creator’s, and over once somebody has bid', async () => {
      const task = await aPostedTask(app, creator);
      expect((await edit(task.id, { title: 'Mine' }, other)).body.error).toBe('not_the_creator');
      const placed = await aPlacedBid(app, other, task.id);
      const refused = await edit(task.id, { title: 'Too late' });
      expect([refused.status, refused.body.error]).toEqual([409, 'task_has_bids']);
      await app.api.send('DELETE', `/v1/tasks/${task.id}/bids/${placed.id}`, { key: other.key });
      expect((await edit(task.id, { title: 'Open again' })).status).toBe(200);
      await cancel(app, creator, task.id);
      expect((await edit(task.id, { title: 'Closed' })).body.error).toBe('task_closed');
    });

    it.each<[Record<string, unknown>, string]>([
      [{ price_points: null }, '/price_points'],
      [{ title: null }, '/title'],
      [{ deadline: '2020-01-01T00:00:00Z' }, '/deadline'],
      [{ creator_agent_id: 'agt_00000000' }, '/creator_agent_id'],
    ])('is refused for %j', async (fields, pointer) => {
      const task = await aPostedTask(app, creator);
      const refused = await edit(task.id, fields);
      expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, pointer]);
    });
  });

  describe('Cancelling', () => {
    it('gives everything back, once', async () => {
      const before = await balanceOf(app, creator);
      const task = await aPostedTask(app, creator, { price_points: 77.77 });
      const cancelled = await cancel(app, creator, task.id);
      expect(cancelled.status).toBe(200);
      expect(cancelled.body).toMatchObject({
        id: task.id,
        status: 'cancelled',
        close_reason: 'creator',
        refund: { points: 77.77, usdc: 0 },
      });
      expect(cancelled.body.next_actions.map(({ action }: Json) => action)).toEqual(['repost']);
      expect(await balanceOf(app, creator)).toBeCloseTo(before, 2);
      const again = await cancel(app, creator, task.id);
      expect([again.status, again.body.error]).toEqual([409, 'task_closed']);
      expect(await balanceOf(app, creator)).toBeCloseTo(before, 2);
    });

    it('is the creator’s, and tells those who had bid', async () => {
      const task = await aPostedTask(app, creator);
      expect((await cancel(app, other, task.id)).body.error).toBe('not_the_creator');
      const placed = await aPlacedBid(app, other, task.id);
      await cancel(app, creator, task.id);
      const news = await inbox(other, 'task.cancelled');
      expect(news.at(-1).data).toMatchObject({
        task_id: task.id,
        close_reason: 'creator',
        refund: { points: 50, usdc: 0 },
        untrusted: ['title'],
      });
      const bids = await app.api.get(`/v1/tasks/${task.id}/bids`, { key: other.key });
      expect(bids.body.data.map((bid: Json) => [bid.id, bid.status])).toEqual([[placed.id, 'rejected']]);
    });
  });

  describe('Posting again', () => {
    it('makes a funded copy of a closed task', async () => {
      const task = await aPostedTask(app, creator, { max_bids: 3, payout_hold_hours: 24 });
      const repost = (body: unknown = {}, { key } = creator) =>
        app.api.post(`/v1/tasks/${task.id}/repost`, body, { key });
      const early = await repost();
      expect([early.status, early.body.error]).toEqual([409, 'task_not_closed']);
      await cancel(app, creator, task.id);
      expect((await repost({}, other)).body.error).toBe('not_the_creator');
      const before = await balanceOf(app, creator);
      const copy = await repost();
      expect(copy.status).toBe(201);
      expect(copy.body).toMatchObject({
        title: task.title,
        acceptance_criteria: task.acceptance_criteria,
        price_points: 50,
        status: 'open',
        max_bids: 3,
        payout_hold_hours: 24,
        reposted_from: task.id,
      });
      expect(copy.body.id).not.toBe(task.id);
      expect(await heldFor(app, copy.body.id)).toBe(50);
      expect(await balanceOf(app, creator)).toBeCloseTo(before - 50, 2);
      expect((await read(task.id)).body.status).toBe('cancelled');
      const deadline = new Date(Date.now() + DAY_MS).toISOString();
      expect((await repost({ deadline })).body.deadline).toBe(deadline);
      expect((await repost({ deadline: '2020-01-01T00:00:00Z' })).status).toBe(422);
    });
  });

  describe('The platform', () => {
    it('posts tasks of its own through the service, and pays with its own word', async () => {
      const tasks = app.nest.get(TasksService);
      const task = await app.nest.get(UnitOfWork).run((tx) =>
        tasks.create(tx, 'agt_system', {
          category: 'marketing',
          title: 'Write a tweet thread about UpMoltWork',
          description: 'A thread of at least five tweets.',
          acceptanceCriteria: ['Five tweets'],
          pricePoints: '30.00',
          priceUsdc: null,
        }),
      );
      const shown = (await read(task.id)).body;
      expect(shown).toMatchObject({
        creator_agent_id: 'agt_system',
        system_task: true,
        auto_accept_first: true,
      });
      expect(await heldFor(app, task.id)).toBe(30);
      const placed = await aPlacedBid(app, other, task.id);
      expect(placed.status).toBe('accepted');
      const told = await queryAs(
        app.database.ownerUrl,
        `SELECT FROM outbox WHERE subject = $1 AND 'agt_system' = ANY (audience)`,
        [task.id],
      );
      expect(told).toEqual([]);
    });
  });

  describe('A reader', () => {
    it('is told when nothing has changed, and waits for what will', async () => {
      const task = await aPostedTask(app, creator);
      const first = await read(task.id);
      const etag = first.headers.get('etag')!;
      expect(etag).toMatch(/^"/);
      expect((await read(task.id, { headers: { 'if-none-match': etag } })).status).toBe(304);
      const waiting = app.api.get(`/v1/tasks/${task.id}?wait=25`, { headers: { 'if-none-match': etag } });
      await aPlacedBid(app, other, task.id);
      const woken = await waiting;
      expect([woken.status, woken.body.status, woken.body.bids_count]).toEqual([200, 'bidding', 1]);
      expect((await app.api.get(`/v1/tasks/${task.id}?wait=61`)).status).toBe(422);
    });

    it('waits as well with the version of a large task that it got packed', async () => {
      const task = await aPostedTask(app, creator, { description: 'To be packed. '.repeat(1_000) });
      const first = await read(task.id);
      const etag = first.headers.get('etag')!;
      expect(etag).toMatch(/^"[^"]+-(br|gzip)"$/);
      const same = await read(task.id, { headers: { 'if-none-match': etag } });
      expect([same.status, same.headers.get('etag')]).toEqual([304, etag]);
      const before = await openRequests(app);
      const waiting = app.api.get(`/v1/tasks/${task.id}?wait=25`, { headers: { 'if-none-match': etag } });
      await until('it is held', async () => (await openRequests(app)) > before);
      await aPlacedBid(app, other, task.id);
      expect((await waiting).body.bids_count).toBe(1);
    });

    it('sees the public history, and nothing that is sealed', async () => {
      const task = await aPostedTask(app, creator);
      const stream = await SseReader.open(`${app.baseUrl}/v1/tasks/${task.id}/events`, other.key);
      await edit(task.id, { title: 'Edited' });
      await aPlacedBid(app, other, task.id, { price_points: 33.33 });
      await cancel(app, creator, task.id);
      const told = await history(task.id);
      expect(told.map(({ event }) => event)).toEqual([
        'task.created',
        'task.updated',
        'task.updated',
        'task.cancelled',
      ]);
      expect(told[2].data).toEqual({ task_id: task.id, status: 'bidding', bids_count: 1 });
      expect(JSON.stringify(told)).not.toContain('33.33');
      await until('the stream has told it too', () => stream.events.length === 4);
      expect(stream.events.map(({ data }) => data)).toEqual(told);
      stream.close();
    });
  });

  describe('A match', () => {
    it('is told to verified specialists of the category, once, and not to the creator', async () => {
      const specialist = await aVerifiedAgent(app, { specializations: ['video'] });
      const unverified = await anAgent(app, { specializations: ['video'] });
      const ownSpecialist = await aVerifiedAgent(app, { specializations: ['video'] });
      const task = await aPostedTask(app, ownSpecialist, { category: 'video', price_points: 40 });
      await until(
        'the specialist was told',
        async () => (await inbox(specialist, 'task.new_match')).length > 0,
      );
      const news = await inbox(specialist, 'task.new_match');
      expect(news.map(({ data }) => data)).toEqual([
        {
          task_id: task.id,
          creator_agent_id: ownSpecialist.id,
          title: task.title,
          category: 'video',
          price_points: 40,
          price_usdc: null,
          deadline: task.deadline,
          system_task: false,
          untrusted: ['title'],
        },
      ]);
      expect(await inbox(unverified, 'task.new_match')).toEqual([]);
      expect(await inbox(ownSpecialist, 'task.new_match')).toEqual([]);
      await queryAs(
        app.database.ownerUrl,
        `UPDATE event_done SET position = 0 WHERE subscriber = 'task-matches'`,
      );
      await app.nest.get(Relay).drained();
      expect(await inbox(specialist, 'task.new_match')).toHaveLength(1);
    });

    it('is told for 30 tasks of one creator an hour; the others are found by looking', async () => {
      const specialist = await aVerifiedAgent(app, { specializations: ['prototypes'] });
      const fields = { category: 'prototypes', price_points: 10 };
      for (let n = 0; n < 31; n++) await aPostedTask(app, creator, fields);
      expect(await inbox(specialist, 'task.new_match')).toHaveLength(30);
      await aPostedTask(app, other, fields);
      expect(await inbox(specialist, 'task.new_match')).toHaveLength(31);
      expect((await app.api.get('/v1/tasks?category=prototypes&limit=100')).body.data).toHaveLength(32);
    });
  });

  it('answers whatever is sent in any field, or asked for in any parameter, and never with a 500', async () => {
    const { id } = await aPostedTask(app, creator);
    const offer = { proposed_approach: 'So', price_points: 20, price_usdc: null, estimated_minutes: 5 };
    const targets = [
      {
        path: '/v1/tasks',
        method: 'POST',
        body: aTaskBody({ price_usdc: null, deadline: null, max_bids: 5 }),
      },
      {
        path: `/v1/tasks/${id}`,
        method: 'PATCH',
        body: aTaskBody({ auto_accept_first: true, payout_hold_hours: 1 }),
      },
      { path: `/v1/tasks/${id}/bids`, method: 'POST', body: offer },
      { path: `/v1/tasks/${id}/bids/bid_00000000/reject`, method: 'POST', body: { reason: 'So' } },
      { path: `/v1/tasks/${id}/repost`, method: 'POST', body: { deadline: '2027-01-01T00:00:00Z' } },
    ];
    for (const { path, method, body } of targets) {
      for (const name of Object.keys(body)) {
        for (const value of VALUES) {
          const { [name]: _, ...rest } = body as Record<string, unknown>;
          const text = `${JSON.stringify(rest).slice(0, -1)}${Object.keys(rest).length ? ',' : ''}"${name}":${value}}`;
          const { status } = await app.api.send(method, path, { key: creator.key, body: text });
          if (status >= 500)
            throw new Error(`${method} ${path} answered ${status} for ${name} = ${value.slice(0, 60)}`);
        }
      }
    }
    const parameters =
      'category status currency min_price max_price creator executor q sort cursor limit'.split(' ');
    for (const name of parameters) {
      for (const text of TEXTS) {
        const { status } = await app.api.get(`/v1/tasks?${name}=${text}`);
        if (status >= 500) throw new Error(`?${name}=${text} answered ${status}`);
      }
    }
  }, 120_000);

  it('is closed to the suspended, who may still read', async () => {
    const agent = await aVerifiedAgent(app);
    const task = await aPostedTask(app, agent);
    const reason = { reason: 'Suspended by the story' };
    await app.api.post(`/v1/admin/agents/${agent.id}/suspend`, reason, { key: OPERATOR_KEY });
    expect((await post(app, agent, { price_points: 10 })).body.error).toBe('agent_suspended');
    expect((await cancel(app, agent, task.id)).status).toBe(403);
    const seen = await read(task.id, { key: agent.key });
    expect([seen.status, seen.body.next_actions]).toEqual([200, []]);
  });
});
