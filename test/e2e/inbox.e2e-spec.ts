import { EventStreams, Relay } from '#platform/messaging';
import { Retention } from '#platform/scheduling';
import { aVerifiedAgent, anAgent, type TestAgent } from '../builders/agents.js';
import type { Json } from '../support/api.js';
import { anApp, OPERATOR_KEY, type TestApp } from '../support/app.js';
import { aDatabase, queryAs } from '../support/database.js';
import { commit, happened } from '../support/events.js';
import { openRequests } from '../support/open-requests.js';
import { SseReader } from '../support/sse.js';
import { until } from '../support/until.js';

describe('The inbox', () => {
  let app: TestApp;
  let payer: TestAgent;
  let payee: TestAgent;
  beforeAll(async () => {
    app = await anApp();
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    [payer, payee] = [await aVerifiedAgent(app), await anAgent(app)];
  });

  const inbox = (query = '', of = payee, from = app) =>
    from.api.get(`/v1/agents/me/events${query}`, { key: of.key });
  const pay = (amount: number, from = app) =>
    from.api.post('/v1/points/transfer', { to_agent_id: payee.id, amount }, { key: payer.key });
  const drained = () => app.nest.get(Relay).drained();
  const stream = (headers: Record<string, string> = {}, of = payee, from = app) =>
    SseReader.open(`${from.baseUrl}/v1/agents/me/events`, of.key, headers);
  const seqsOf = (page: Json): number[] => page.body.data.map((event: Json) => event.seq);

  it('holds what one was told since one came, in order, page by page', async () => {
    await pay(1.5);
    await pay(2.5);
    await drained();
    const all = await inbox();
    expect(all.status).toBe(200);
    expect(
      all.body.data.map((event: Json) => [event.seq, event.event, event.type, event.data.amount]),
    ).toEqual([
      [1, 'points.received', 'points.received', 10],
      [2, 'points.received', 'points.received', 1.5],
      [3, 'points.received', 'points.received', 2.5],
    ]);
    expect(all.body.data[0]).toEqual({
      id: expect.stringMatching(/^evt_/),
      event: 'points.received',
      type: 'points.received',
      seq: 1,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      data: expect.objectContaining({ type: 'starter_bonus', balance: 10 }),
    });
    const first = await inbox('?limit=2');
    const rest = await inbox(`?limit=2&after=${first.body.next_cursor}`);
    expect([...first.body.data, ...rest.body.data]).toEqual(all.body.data);
    const nothing = await inbox(`?after=${rest.body.next_cursor}`);
    expect(nothing.body).toEqual({ data: [], next_cursor: rest.body.next_cursor });
  });

  it('gives only the types that are asked for', async () => {
    await pay(1);
    await drained();
    expect(
      (await inbox('?types=points.sent,agent.verified', payer)).body.data.map((e: Json) => e.event),
    ).toEqual(['agent.verified', 'points.sent']);
    const none = await inbox('?types=task.submitted', payer);
    expect(none.body.data).toEqual([]);
    expect((await inbox(`?after=${none.body.next_cursor}`, payer)).body.data).toHaveLength(4);
  });

  it.each([
    'after=x',
    'after=WyJoaXN0b3J5Iiw0Ml0',
    'limit=0',
    'limit=101',
    'types=DROP',
    'types=',
    'wait=61',
    'x=1',
  ])('is refused for %s', async (query) => {
    expect((await inbox(`?${query}`)).status).toBe(422);
  });

  it('needs a key', async () => {
    expect((await app.api.get('/v1/agents/me/events')).status).toBe(401);
  });

  it('holds a reader until something comes', async () => {
    await drained();
    const { next_cursor: now } = (await inbox()).body;
    const waiting = inbox(`?wait=25&after=${now}`);
    await pay(5);
    expect((await waiting).body.data.map((event: Json) => event.data.amount)).toEqual([5]);
    const nobody = await inbox(`?wait=1&types=task.submitted`);
    expect(nobody.body.data).toEqual([]);
  });

  it('streams what comes, and goes on where a stream broke', async () => {
    const reader = await stream();
    await until('the past came', () => reader.events.length === 1);
    await pay(1);
    await pay(2);
    await until('the news came', () => reader.events.length === 3);
    expect(reader.events.map(({ event, data }) => [event, data.seq, data.event])).toEqual([
      ['points.received', 1, 'points.received'],
      ['points.received', 2, 'points.received'],
      ['points.received', 3, 'points.received'],
    ]);
    reader.close();
    await pay(3);
    const again = await stream({ 'last-event-id': reader.events[1]!.id });
    await until('the rest came', () => again.events.length === 2);
    expect(again.events.map(({ data }) => data.seq)).toEqual([3, 4]);
    // The id of an event is the cursor behind it.
    expect(seqsOf(await inbox(`?after=${again.events[0]!.id}`))).toEqual([4]);
    again.close();
  });

  it('loses and doubles nothing by cursor while others write', async () => {
    const writing = Promise.all(Array.from({ length: 60 }, (_, n) => pay(0.01 + n / 100)));
    const seen: Json[] = [];
    let cursor: string | undefined;
    const read = async (wait: number): Promise<number> => {
      const { body } = await inbox(`?limit=7&wait=${wait}${cursor ? `&after=${cursor}` : ''}`);
      seen.push(...body.data);
      cursor = body.next_cursor;
      return body.data.length;
    };
    const state = { written: false };
    void writing.then(() => (state.written = true));
    while (!state.written) await read(1);
    const paid = (await writing).filter(({ status }) => status === 201).length;
    await drained();
    while ((await read(0)) > 0);
    expect(paid).toBeGreaterThan(40);
    expect(seen.map(({ seq }) => seq)).toEqual(Array.from({ length: paid + 1 }, (_, n) => n + 1));
    expect(new Set(seen.map(({ id }) => id)).size).toBe(paid + 1);
  });

  it('ends a stream whose key was rotated away, and one whose agent was suspended', async () => {
    const rotated = await stream();
    const { body } = await app.api.post('/v1/agents/me/rotate-key', undefined, { key: payee.key });
    await until('the stream ended', () => rotated.ended);
    const suspended = await stream({}, { ...payee, key: body.api_key });
    await app.api.post(
      `/v1/admin/agents/${payee.id}/suspend`,
      { reason: 'By the story' },
      { key: OPERATOR_KEY },
    );
    await until('that stream ended too', () => suspended.ended);
    // The suspended may still read.
    expect((await inbox('', { ...payee, key: body.api_key })).status).toBe(200);
  });

  it('shows nothing to a reader that waits when its key is rotated away, and holds no suspended one', async () => {
    await drained();
    const { next_cursor: now } = (await inbox()).body;
    const holding = async (key: string) => {
      const before = await openRequests(app);
      const answered = inbox(`?wait=60&after=${now}`, { ...payee, key });
      await until('it is held', async () => (await openRequests(app)) > before);
      return { answered };
    };
    const rotated = await holding(payee.key);
    const { body } = await app.api.post('/v1/agents/me/rotate-key', undefined, { key: payee.key });
    expect((await rotated.answered).status).toBe(401);
    const suspended = await holding(body.api_key);
    await app.api.post(
      `/v1/admin/agents/${payee.id}/suspend`,
      { reason: 'By the story' },
      { key: OPERATOR_KEY },
    );
    expect((await suspended.answered).status).toBe(200);
  });

  it('allows eight streams at once', async () => {
    const readers = await Promise.all(Array.from({ length: 8 }, () => stream()));
    const ninth = await app.api.get('/v1/agents/me/events', {
      key: payee.key,
      headers: { accept: 'text/event-stream' },
    });
    expect([ninth.status, ninth.body.error]).toEqual([429, 'too_many_streams']);
    readers[0]!.close();
    let reader: SseReader | undefined;
    await until('a place is free', async () => {
      reader = await stream().catch(() => undefined);
      return reader !== undefined;
    });
    for (const open of [...readers, reader!]) open.close();
  });

  it('shows the public history of any subject', async () => {
    await commit(
      app,
      happened('tsk_public', 1, { public: true }),
      happened('tsk_public', 2),
      happened('tsk_other', 3, { public: true }),
      happened('tsk_public', 4, { public: true }),
    );
    await drained();
    const history = app.nest.get(EventStreams).of('tsk_public');
    const all = await history.after(0, 10);
    expect(all.map(({ data }) => data)).toEqual([{ n: 1 }, { n: 4 }]);
    expect((await history.after(all[0]!.place, 10)).map(({ data }) => data)).toEqual([{ n: 4 }]);
  });

  it('serves from any replica, also when no wake-up arrives', async () => {
    const database = await aDatabase();
    const [one, two] = [await anApp({}, database), await anApp({}, database)];
    try {
      payer = await aVerifiedAgent(one);
      payee = await anAgent(two);
      const reader = await stream({}, payee, two);
      await pay(1, one);
      await until('it came to the other replica', () => reader.events.length === 2);
      // A line that is cut takes the wake-ups with it; what is in the table is found all the same.
      await queryAs(
        database.superuserUrl,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = $1 AND application_name = 'upmoltwork wake-ups'`,
        [new URL(database.url).pathname.slice(1)],
      );
      await pay(2, one);
      await until('it came without a wake-up', () => reader.events.length === 3);
      // Leaving ends the stream from the server's side, cleanly.
      await two.nest.close();
      await until('the stream ended', () => reader.ended);
    } finally {
      await one.close();
      await two.close().catch(() => {});
      await database.drop();
    }
  });

  it('forgets after 30 days, and counts on where it was', async () => {
    const database = await aDatabase();
    const own = await anApp({}, database);
    try {
      payer = await aVerifiedAgent(own);
      payee = await anAgent(own);
      await own.nest.get(Relay).drained();
      await queryAs(database.ownerUrl, `UPDATE outbox SET at = at - interval '31 days'`);
      await pay(1, own);
      await own.nest.get(Relay).drained();
      await queryAs(database.ownerUrl, `UPDATE event_done SET position = (SELECT max(position) FROM outbox)`);
      await own.nest.get(Retention).run(new Date());
      const left = await own.api.get('/v1/agents/me/events', { key: payee.key });
      expect(left.body.data.map((event: Json) => [event.seq, event.data.amount])).toEqual([[2, 1]]);
      const [rows] = await queryAs<{ outbox: number }>(
        database.ownerUrl,
        `SELECT count(*)::int AS outbox FROM outbox`,
      );
      expect(rows!.outbox).toBe(2);
    } finally {
      await own.close();
      await database.drop();
    }
  });
});
