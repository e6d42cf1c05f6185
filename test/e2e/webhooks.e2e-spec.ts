import { createHmac } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { Clock, DAY_MS, MINUTE_MS, SECOND_MS } from '#kernel/clock';
import { Sealer } from '#kernel/sealing';
import { canonicalJson } from '#platform/http';
import { aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import type { Json } from '../support/api.js';
import { anApp, type TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';
import { tidyUp } from '../support/receivers.js';
import { until } from '../support/until.js';
import { aWebhookReceiver, type Received, type WebhookReceiver } from '../support/webhook-receiver.js';

const DELIVERIES = '/v1/agents/me/webhooks/deliveries';

type HookedAgent = TestAgent & { secret: string };

describe('A webhook', () => {
  let app: TestApp;
  let payer: TestAgent;
  beforeAll(async () => {
    app = await anApp();
    payer = await aVerifiedAgent(app);
    await app.api.post('/sandbox/points/grant', { agent_id: payer.id, amount: 100_000 });
  });
  afterAll(() => app.close());
  afterEach(tidyUp);

  const advance = async (seconds: number): Promise<void> => {
    const answer = await app.api.post('/sandbox/clock/advance', { seconds });
    if (answer.status !== 200) throw new Error(answer.text);
  };
  const me = async ({ key }: TestAgent): Promise<Json> => (await app.api.get('/v1/agents/me', { key })).body;
  const pay = async (to: TestAgent, amount = 1): Promise<void> => {
    const paid = await app.api.post(
      '/v1/points/transfer',
      { to_agent_id: to.id, amount },
      { key: payer.key },
    );
    if (paid.status !== 201) throw new Error(paid.text);
  };
  const log = async ({ key }: TestAgent, query = ''): Promise<Json[]> =>
    (await app.api.get(`${DELIVERIES}?limit=100${query}`, { key })).body.data;
  const patch = (agent: TestAgent, changes: object) =>
    app.api.patch('/v1/agents/me', changes, { key: agent.key });
  const statusIs = (agent: TestAgent, status: string) =>
    until(`status ${status}`, async () => (await me(agent)).webhook_status === status);
  const noticesTo = ({ id }: TestAgent): Promise<{ data: Json }[]> =>
    queryAs(
      app.database.ownerUrl,
      `SELECT data FROM outbox WHERE name = 'webhook.disabled' AND audience = ARRAY[$1] ORDER BY row_id`,
      [id],
    );

  /** Sets the webhook after verification, so that what the tests cause is all that comes. */
  const hooked = async (receiver: { url: string }): Promise<HookedAgent> => {
    const agent = await aVerifiedAgent(app);
    // Moving the clock waits for the news of the verification, which is not for this webhook.
    await advance(1);
    const set = await patch(agent, { webhook_url: receiver.url });
    return { ...agent, secret: set.body.webhook_secret };
  };

  /** Midnight brings the day's emission, and with it a webhook that a story about another one does not expect. */
  const stayWithinTheDay = async (ms: number): Promise<void> => {
    const now = app.nest.get(Clock).now().getTime();
    const left = DAY_MS - (now % DAY_MS);
    if (left < ms) await advance(Math.ceil(left / SECOND_MS) + 1);
  };

  const attemptsOf = async (agent: TestAgent, count: number): Promise<Json[]> => {
    let attempts: Json[] = [];
    await until(`${count} attempts in the log`, async () => {
      attempts = (await log(agent)).flatMap((delivery) => delivery.attempts);
      return attempts.length >= count;
    });
    return attempts;
  };

  it('set at registration brings what happens, signed in every form', async () => {
    const receiver = await aWebhookReceiver();
    const registered = await app.api.post('/v1/agents/register', {
      name: 'Hooked',
      owner_twitter: `hooked_one`,
      webhook_url: receiver.url,
    });
    const secret = registered.body.webhook_secret;
    const [bonus] = await receiver.heard('points.received');
    expect(JSON.parse(bonus!.body)).toMatchObject({
      id: expect.stringMatching(/^evt_/),
      event: 'points.received',
      type: 'points.received',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      data: { type: 'starter_bonus', amount: 10, counterparty: 'agt_system', balance: 10 },
    });
    expectSigned(bonus!, [secret]);
    expect(bonus!.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': expect.stringContaining('UpMoltWork'),
    });
    const agent = { id: registered.body.agent_id, key: registered.body.api_key, handle: '' };
    await until('it is logged', async () => (await log(agent))[0]?.state === 'delivered');
    const [delivery] = await log(agent);
    expect(delivery).toMatchObject({
      id: bonus!.id,
      event: 'points.received',
      next_attempt_at: null,
      attempts: [{ status: 204, error: null, answer: '', ms: expect.any(Number) }],
    });
    const one = await app.api.get(`${DELIVERIES}/${bonus!.id}`, { key: agent.key });
    expect(one.body.body).toBe(bonus!.body);
    expect(one.body.next_actions).toMatchObject([{ action: 'redeliver' }]);
  });

  it('that answers 500 is tried again after 5, 30 and 300 seconds with the same bytes, then is off', async () => {
    const receiver = await aWebhookReceiver((_, response) => response.writeHead(500).end('down\0 for lunch'));
    await stayWithinTheDay(10 * MINUTE_MS);
    const agent = await hooked(receiver);
    await pay(agent);
    await attemptsOf(agent, 1);
    for (const [seconds, count] of [
      [5, 2],
      [30, 3],
      [300, 4],
    ] as const) {
      const [{ next_attempt_at: due } = {} as Json] = await log(agent);
      await advance(seconds);
      expect(receiver.received).toHaveLength(count);
      // Not sooner: read from what is told, because the clock goes on by itself too, and far on a busy machine.
      const [failed, retried] = (await attemptsOf(agent, count)).slice(-2).map(({ at }) => Date.parse(at));
      expect(Date.parse(due) - failed!).toBeGreaterThanOrEqual(seconds * 1_000);
      expect(retried).toBeGreaterThanOrEqual(Date.parse(due));
      if (count < 4) expect((await me(agent)).webhook_status).toBe('active');
    }
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
    for (const received of receiver.received) expectSigned(received, [agent.secret]);

    const self = await app.api.get('/v1/agents/me', { key: agent.key });
    expect(self.headers.get('x-webhook-status')).toBe('disabled');
    expect(self.body).toMatchObject({
      webhook_url: receiver.url,
      webhook_status: 'disabled',
      webhook_disabled_reason: 'The third retry failed: answered 500.',
      webhook_failed_event: receiver.received[0]!.id,
    });
    expect(self.body.next_actions).toContainEqual({
      action: 'enable_webhook',
      method: 'PATCH',
      href: '/v1/agents/me',
      by: agent.id,
    });
    expect(await noticesTo(agent)).toEqual([
      {
        data: {
          agent_id: agent.id,
          reason: 'The third retry failed: answered 500.',
          event_id: receiver.received[0]!.id,
        },
      },
    ]);
    const [delivery] = await log(agent);
    expect(delivery).toMatchObject({ state: 'failed', attempts: [{}, {}, {}, {}] });
    expect(delivery.attempts[3]).toMatchObject({
      status: 500,
      error: 'server_error',
      answer: 'down\uFFFD for lunch',
    });

    // News goes on to the log while it is off, and nothing is sent.
    await pay(agent);
    await until('it is skipped', async () => (await log(agent))[0].state === 'skipped');
    expect(receiver.received).toHaveLength(4);

    receiver.answer(204);
    const enabled = await patch(agent, { webhook_enabled: true });
    expect(enabled.body.webhook_status).toBe('verifying');
    expect(enabled.headers.get('x-webhook-status')).toBe('disabled');
    const [ping] = await receiver.heard('webhook.ping');
    expectSigned(ping!, [agent.secret]);
    await statusIs(agent, 'active');
    const again = await app.api.get('/v1/agents/me', { key: agent.key });
    expect(again.headers.get('x-webhook-status')).toBeNull();
    expect(again.body).toMatchObject({ webhook_disabled_reason: null, webhook_failed_event: null });

    const replayed = await app.api.post(`${DELIVERIES}/replay`, { state: 'skipped' }, { key: agent.key });
    expect(replayed.status).toBe(202);
    expect(replayed.body).toEqual({ replayed: 1, has_more: false });
    const missed = (await receiver.heard('points.received', 5))[4]!;
    expectSigned(missed, [agent.secret]);
    await until('all is delivered', async () => (await log(agent, '&state=skipped')).length === 0);
  });

  it('whose ping fails stays off and says what came back', async () => {
    const receiver = await aWebhookReceiver(410);
    const agent = await hooked(receiver);
    await pay(agent);
    await statusIs(agent, 'disabled');
    expect(receiver.received).toHaveLength(1);
    expect((await me(agent)).webhook_disabled_reason).toBe('The address answered 410: it is gone for good.');
    receiver.answer(404);
    await patch(agent, { webhook_enabled: true });
    await receiver.heard('webhook.ping');
    await statusIs(agent, 'disabled');
    expect(await me(agent)).toMatchObject({
      webhook_disabled_reason: 'The ping failed: answered 404.',
      webhook_failed_event: null,
    });
    expect(await noticesTo(agent)).toHaveLength(2);
    const other = await aWebhookReceiver();
    const moved = await patch(agent, { webhook_url: other.url });
    expect(moved.body.webhook_status).toBe('verifying');
    await other.heard('webhook.ping');
    await statusIs(agent, 'active');
  });

  it('is turned off by its owner, and by removing the address', async () => {
    const receiver = await aWebhookReceiver();
    const agent = await hooked(receiver);
    expect((await patch(agent, { webhook_enabled: false })).body).toMatchObject({
      webhook_status: 'disabled',
      webhook_disabled_reason: 'Switched off by its owner.',
    });
    await pay(agent);
    await until('it is skipped', async () => (await log(agent))[0]?.state === 'skipped');
    expect((await patch(agent, { webhook_url: null })).body.webhook_status).toBe('none');
    const refused = await patch(agent, { webhook_enabled: true });
    expect([refused.status, refused.body.error]).toEqual([409, 'webhook_url_missing']);
    expect((await patch(agent, { webhook_enabled: null })).status).toBe(422);
    expect((await patch(agent, { webhook_enabled: 'yes' })).status).toBe(422);
    expect(receiver.received).toHaveLength(0);
  });

  it('that redirects is not followed, and one that asks for time is given it', async () => {
    const elsewhere = await aWebhookReceiver();
    const receiver = await aWebhookReceiver((_, response) =>
      response.writeHead(302, { location: elsewhere.url }).end(),
    );
    const agent = await hooked(receiver);
    await pay(agent);
    const [first] = await attemptsOf(agent, 1);
    expect(first).toMatchObject({ status: 302, error: 'redirect' });
    expect(elsewhere.received).toHaveLength(0);

    receiver.answer((_, response) => response.writeHead(503, { 'retry-after': '120' }).end());
    await advance(5);
    expect(receiver.received).toHaveLength(2);
    await advance(110);
    expect(receiver.received).toHaveLength(2);
    receiver.answer(200);
    await advance(10);
    expect(receiver.received).toHaveLength(3);
    expect((await log(agent))[0].state).toBe('delivered');
  });

  it('that answers badly delays no other on the same host', async () => {
    const receiver = await aWebhookReceiver(({ path }, response) =>
      response.writeHead(path === '/bad' ? 500 : 204).end(),
    );
    const bad = await hooked({ url: `http://127.0.0.1:${receiver.port}/bad` });
    const good = await hooked({ url: `http://127.0.0.1:${receiver.port}/good` });
    for (let i = 0; i < 6; i++) await pay(bad);
    await attemptsOf(bad, 5);
    await pay(good);
    await until('the other is told', async () => (await log(good))[0]?.state === 'delivered');
    const [delivery] = await log(good);
    expect(delivery.attempts).toMatchObject([{ status: 204 }]);
    // That its neighbour was answered well says nothing for it: it stays held back.
    const heard = (): number => receiver.received.filter(({ path }) => path === '/bad').length;
    const before = heard();
    await pay(bad);
    await until('it is listed', async () => (await log(bad)).length === 7);
    await advance(1);
    expect(heard()).toBe(before);
    await advance(40);
    expect(heard()).toBeGreaterThan(before);
  });

  it('on a host that nobody can connect to is held back with its neighbours until one gets through', async () => {
    const dead = await aWebhookReceiver();
    await dead.close();
    const [first, second] = [await hooked({ url: `${dead.url}/1` }), await hooked({ url: `${dead.url}/2` })];
    for (let i = 0; i < 5; i++) await pay(first);
    expect((await attemptsOf(first, 5)).map(({ error }) => error)).toEqual(Array(5).fill('connect'));
    await pay(second);
    await until('it is listed', async () => (await log(second)).length === 1);
    await advance(1);
    expect((await log(second))[0]).toMatchObject({ state: 'pending', attempts: [] });
    const revived = await aWebhookReceiver(204, dead.port);
    await advance(40);
    expect(revived.received).toHaveLength(6);
    expect((await log(second))[0]).toMatchObject({ state: 'delivered', attempts: [{ status: 204 }] });
  });

  it('at an address of this server itself is refused and off at once', async () => {
    const agent = await hooked({ url: `${app.baseUrl}/v1/agents/register` });
    await pay(agent);
    await statusIs(agent, 'disabled');
    expect((await log(agent))[0]).toMatchObject({
      state: 'failed',
      attempts: [{ status: null, error: 'refused_address' }],
    });
  });

  it('is tested with a sample that shows what was signed', async () => {
    const receiver = await aWebhookReceiver((_, response) => response.writeHead(200).end('fine'));
    const agent = await hooked(receiver);
    await pay(agent, 7);
    await receiver.heard('points.received');
    const tested = await app.api.post(
      '/v1/agents/me/webhook/test',
      { event: 'points.received' },
      { key: agent.key },
    );
    expect(tested.status).toBe(200);
    const sample = receiver.of('points.received')[1]!;
    expectSigned(sample, [agent.secret]);
    expect(tested.body).toMatchObject({
      id: sample.id,
      url: receiver.url,
      body: sample.body,
      attempt: { status: 200, answer: 'fine', error: null },
    });
    expect(JSON.parse(sample.body).data).toMatchObject({ amount: 7, sample: true });
    const { signed, headers } = tested.body;
    expect(hex(agent.secret, signed.body)).toBe(JSON.parse(sample.body).signature);
    expect(signed.standard).toBe([sample.id, sample.headers['webhook-timestamp'], sample.body].join('.'));
    expect(headers['webhook-signature']).toBe(sample.headers['webhook-signature']);
    expect(tested.text).not.toContain(agent.secret);
    expect(
      (await app.api.post('/v1/agents/me/webhook/test', {}, { key: agent.key })).body.attempt.status,
    ).toBe(200);
    const none = await app.api.post('/v1/agents/me/webhook/test', {}, { key: payer.key });
    expect([none.status, none.body.error]).toEqual([409, 'webhook_url_missing']);
  });

  it('is not tested with an event that there is not, and then says which there are', async () => {
    const receiver = await aWebhookReceiver((_, response) => response.writeHead(200).end());
    const agent = await hooked(receiver);
    const test = (event: string) => app.api.post('/v1/agents/me/webhook/test', { event }, { key: agent.key });
    for (const event of ['no.such.event', 'no such', 'agent.registered', '']) {
      const refused = await test(event);
      expect([event, refused.status]).toEqual([event, 422]);
      const [{ pointer, message }] = refused.body.errors;
      expect(pointer).toBe('/event');
      expect(message.match(/[a-z_]+\.[a-z_]+/g)).toEqual([...toldNames(), 'webhook.ping']);
    }
    expect((await test('task.bid_accepted')).status).toBe(200);
  });

  describe('its secret', () => {
    const rotate = (agent: TestAgent, body: object = {}, headers: Record<string, string> = {}) =>
      app.api.post('/v1/agents/me/webhook-secret/rotate', body, { key: agent.key, headers });

    it('is rotated with an overlap in which both sign, until the new one is activated', async () => {
      const receiver = await aWebhookReceiver();
      const agent = await hooked(receiver);
      const headers = { 'idempotency-key': 'rotate-secret' };
      const rotated = await rotate(agent, {}, headers);
      expect(rotated.status).toBe(200);
      const { webhook_secret: next, overlap_ends_at } = rotated.body;
      expect(next).toMatch(/^whsec_/);
      expect(overlap_ends_at).not.toBeNull();
      expect((await rotate(agent, {}, headers)).text).toBe(rotated.text);
      expect((await rotate(agent)).body.error).toBe('rotation_in_progress');

      await pay(agent);
      const [during] = await receiver.heard('points.received');
      expectSigned(during!, [agent.secret, next]);
      expect(JSON.parse(during!.body).signatures).toHaveLength(2);

      const activated = await app.api.post('/v1/agents/me/webhook-secret/activate', undefined, {
        key: agent.key,
      });
      expect(activated.status).toBe(200);
      const twice = await app.api.post('/v1/agents/me/webhook-secret/activate', undefined, {
        key: agent.key,
      });
      expect([twice.status, twice.body.error]).toEqual([409, 'no_rotation_in_progress']);
      await pay(agent);
      expectSigned((await receiver.heard('points.received', 2))[1]!, [next]);
    });

    it('is the new one alone once the overlap has passed, or at once without one', async () => {
      const receiver = await aWebhookReceiver();
      const agent = await hooked(receiver);
      const second = (await rotate(agent, { overlap_hours: 2 })).body.webhook_secret;
      await advance(2 * 3600);
      // Another amount than that of the emission, which the two hours may have brought.
      const heard = async (amount: number): Promise<Received> => {
        const isPaid = ({ body }: Received): boolean => JSON.parse(body).data.amount === amount;
        await until('the payment arrives', () => receiver.of('points.received').some(isPaid));
        return receiver.of('points.received').find(isPaid)!;
      };
      await pay(agent, 2);
      expectSigned(await heard(2), [second]);
      const third = await rotate(agent, { overlap_hours: 0 });
      expect(third.body.overlap_ends_at).toBeNull();
      await pay(agent, 3);
      expectSigned(await heard(3), [third.body.webhook_secret]);
      for (const overlap_hours of [-1, 1.5, 169, '24', null]) {
        expect((await rotate(agent, { overlap_hours })).status).toBe(422);
      }
      expect((await rotate(payer)).body.error).toBe('webhook_url_missing');
    });

    it('that cannot be read any more turns that webhook off and no other', async () => {
      const [receiver, sound] = [await aWebhookReceiver(), await aWebhookReceiver()];
      const [agent, other] = [await hooked(receiver), await hooked(sound)];
      const foreign = new Sealer('another key, from before '.repeat(2));
      await queryAs(app.database.ownerUrl, 'UPDATE agents SET webhook_secret = $2 WHERE id = $1', [
        agent.id,
        foreign.seal(agent.secret, `webhook-secret:${agent.id}`),
      ]);
      await pay(agent);
      await pay(other);
      await sound.heard('points.received');
      await statusIs(agent, 'disabled');
      expect((await me(agent)).webhook_disabled_reason).toContain('secret cannot be read');
      expect(receiver.received).toHaveLength(0);
      const fresh = (await rotate(agent)).body.webhook_secret;
      await patch(agent, { webhook_enabled: true });
      expectSigned((await receiver.heard('webhook.ping'))[0]!, [fresh]);
      await statusIs(agent, 'active');
      await app.api.post(`${DELIVERIES}/replay`, { state: 'skipped' }, { key: agent.key });
      expectSigned((await receiver.heard('points.received'))[0]!, [fresh]);
    });
  });

  describe('its log', () => {
    let receiver: WebhookReceiver;
    let agent: HookedAgent;
    let startedAt: string;
    beforeEach(async () => {
      receiver = await aWebhookReceiver();
      agent = await hooked(receiver);
      startedAt = (await app.api.get('/sandbox/clock')).body.now;
      for (let i = 1; i <= 5; i++) await pay(agent, i);
      await receiver.heard('points.received', 5);
      await until('all are logged', async () => (await log(agent, '&state=delivered')).length === 5);
    });

    it('is paged and filtered', async () => {
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: Json = await app.api.get(
          `${DELIVERIES}?limit=2&event=points.received${cursor && `&cursor=${cursor}`}`,
          { key: agent.key },
        );
        expect(page.status).toBe(200);
        seen.push(...page.body.data.map(({ id }: Json) => id));
        cursor = page.body.next_cursor;
      }
      expect(new Set(seen)).toEqual(new Set(receiver.received.map(({ id }) => id)));
      expect(await log(agent, '&event=agent.verified')).toEqual([]);
      expect(await log(agent, '&state=failed')).toEqual([]);
      expect(await log(payer)).toEqual([]);
      for (const query of ['state=lost', 'event=x', 'limit=0', 'cursor=abc', 'colour=red']) {
        expect((await app.api.get(`${DELIVERIES}?${query}`, { key: agent.key })).status).toBe(422);
      }
    });

    it('sends one again with the same id and bytes', async () => {
      const [first] = receiver.received;
      const path = `${DELIVERIES}/${first!.id}/redeliver`;
      const headers = { 'idempotency-key': 'again' };
      const again = await app.api.post(path, undefined, { key: agent.key, headers });
      expect(again.status).toBe(202);
      expect(again.body).toMatchObject({ id: first!.id, state: 'pending' });
      const repeated = (await receiver.heard('points.received', 6))[5]!;
      expect([repeated.id, repeated.body]).toEqual([first!.id, first!.body]);
      expectSigned(repeated, [agent.secret]);
      expect((await app.api.post(path, undefined, { key: agent.key, headers })).text).toBe(again.text);
      expect(receiver.received).toHaveLength(6);
      const foreign = await app.api.post(path, undefined, { key: payer.key });
      expect([foreign.status, foreign.body.error]).toEqual([404, 'delivery_not_found']);
    });

    it('is replayed by ids, and since a time', async () => {
      const ids = receiver.received.slice(0, 2).map(({ id }) => id);
      const replay = (body: object) => app.api.post(`${DELIVERIES}/replay`, body, { key: agent.key });
      expect((await replay({ ids })).body).toEqual({ replayed: 2, has_more: false });
      await receiver.heard('points.received', 7);
      await until('done', async () => (await log(agent, '&state=delivered')).length === 5);
      expect((await replay({ since: startedAt })).body.replayed).toBe(5);
      await receiver.heard('points.received', 12);
      for (const body of [
        {},
        { ids, state: 'failed' },
        { ids: [] },
        { ids: ['x'] },
        { since: 'yesterday' },
        { since: '2026-03-12' },
        { state: 'pending' },
        { ids: Array(1001).fill('evt_1') },
      ]) {
        expect((await replay(body)).status).toBe(422);
      }
      await patch(agent, { webhook_enabled: false });
      const off = await replay({ ids });
      expect([off.status, off.body.error]).toEqual([409, 'webhook_not_active']);
    });

    it('puts one on the list once when eight ask at the same moment', async () => {
      const path = `${DELIVERIES}/${receiver.received[0]!.id}/redeliver`;
      let release = (): void => {};
      const held = new Promise<void>((done) => (release = done));
      receiver.answer(async (_, response) => {
        await held;
        response.writeHead(204).end();
      });
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => app.api.post(path, undefined, { key: agent.key })),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(202));
      release();
      await until('it is done', async () => (await log(agent, '&state=delivered')).length === 5);
      expect(receiver.received).toHaveLength(6);
    });
  });

  it('is sent at most two at a time, and one that hangs holds up nobody else', async () => {
    let inFlight = 0;
    let most = 0;
    const slow = await aWebhookReceiver(async (_, response) => {
      most = Math.max(most, ++inFlight);
      await sleep(20);
      inFlight--;
      response.writeHead(204).end();
    });
    const hanging = await aWebhookReceiver(() => undefined);
    const [patient, stuck] = [await hooked(slow), await hooked(hanging)];
    for (let i = 0; i < 4; i++) await pay(stuck);
    await hanging.heard('points.received');
    await Promise.all(Array.from({ length: 8 }, () => pay(patient)));
    await slow.heard('points.received', 8);
    expect(most).toBe(2);
    expect(hanging.received.length).toBeLessThanOrEqual(2);
    await patch(stuck, { webhook_url: null });
  });

  it('is left alone for half a minute after five failures in a row, then probed once', async () => {
    const receiver = await aWebhookReceiver(500);
    const agent = await hooked(receiver);
    for (let i = 0; i < 8; i++) await pay(agent);
    await until('five have failed', () => receiver.received.length >= 5);
    await until('the endpoint waits', async () => {
      const [row] = await queryAs<{ waits: boolean }>(
        app.database.ownerUrl,
        `SELECT held_by IS NULL AND not_before IS NOT NULL AS waits FROM webhook_endpoints WHERE agent_id = $1`,
        [agent.id],
      );
      return row!.waits;
    });
    const failed = receiver.received.length;
    // Two were under way when the fifth failed.
    expect(failed).toBeLessThanOrEqual(6);
    await advance(20);
    expect(receiver.received).toHaveLength(failed);
    receiver.answer(204);
    await advance(15);
    await until('all arrive', async () => (await log(agent, '&state=delivered')).length === 8);
  });
});

const hex = (secret: string, text: string): string =>
  `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;

/** As the public libraries and a receiver in JavaScript check it; the first secret is that of the body. */
function expectSigned({ headers, body }: Received, secrets: readonly string[]): void {
  for (const secret of secrets) {
    const received = headers as Record<string, string>;
    expect(new StandardWebhook(secret).verify(body, received)).toBeTruthy();
    expect(new SvixWebhook(secret).verify(body, received)).toBeTruthy();
  }
  expect(headers['x-webhook-signature']).toBe(hex(secrets[0]!, body));
  expect(headers['x-webhook-signature-next']).toBe(secrets[1] && hex(secrets[1], body));
  const { signature, signatures, ...rest } = JSON.parse(body);
  expect(signature).toBe(hex(secrets[0]!, JSON.stringify(rest)));
  expect(signatures).toEqual(
    secrets.length > 1 ? secrets.map((secret) => hex(secret, JSON.stringify(rest))) : undefined,
  );
  expect(canonicalJson(JSON.parse(body))).toBe(body);
}

/** By what the code announces to an audience, in the order of the alphabet. */
function toldNames(): string[] {
  const modules = resolve('src/modules');
  const texts = readdirSync(modules).flatMap((name) => {
    const file = join(modules, name, `${name}.events.ts`);
    return existsSync(file) ? [readFileSync(file, 'utf8')] : [];
  });
  const announced = texts
    .join('\n')
    .matchAll(/name: '([a-z_.]+)',\n(?:.*\n){0,3}?\s+audience(?:: (\[\])?|,)/g);
  const told = [...announced].flatMap(([, name, nobody]) => (nobody ? [] : [name!]));
  const elsewhere = ['points.received', 'points.sent', 'submission.approved', 'submission.rejected'];
  // What is told in the inbox alone cannot come by webhook.
  return [...new Set([...told, ...elsewhere])].filter((name) => name !== 'webhook.disabled').toSorted();
}
