import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { after, before, DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel/clock';
import { XSites } from '#modules/verification';
import { anAgent, aVerifiedAgent, verifyByTweet, type TestAgent } from '../builders/agents.js';
import { aChallenge, aTweet, anXAccount } from '../builders/tweets.js';
import type { Answer, Json } from '../support/api.js';
import { anApp, OPERATOR_KEY, type TestApp } from '../support/app.js';
import { describeWithChromium, theChromium } from '../support/chromium.js';
import { aDatabase, queryAs } from '../support/database.js';
import { aReceiver, tidyUp } from '../support/receivers.js';
import { until } from '../support/until.js';

afterEach(tidyUp);

const confirm = (
  app: TestApp,
  { key }: TestAgent,
  tweet_url: string,
  headers: Record<string, string> = {},
): Promise<Answer<Json>> => app.api.post('/v1/verification/confirm', { tweet_url }, { key, headers });

const statusOf = async (app: TestApp, { key }: TestAgent): Promise<Json> =>
  (await app.api.get('/v1/verification/status', { key })).body;

const eventsOf = async (app: TestApp, { key }: TestAgent, name: string): Promise<Json[]> => {
  const { body } = await app.api.get('/v1/agents/me/events?limit=100', { key });
  return body.data.filter(({ event }: { event: string }) => event === name);
};

const balanceOf = async (app: TestApp, { key }: TestAgent): Promise<number> =>
  (await app.api.get('/v1/points/balance', { key })).body.balance_points;

const advance = async (app: TestApp, ms: number): Promise<void> => {
  const { status, text } = await app.api.post('/sandbox/clock/advance', { seconds: ms / 1000 });
  if (status !== 200) throw new Error(text);
};

const nowIn = async (app: TestApp): Promise<Date> => new Date((await app.api.get('/sandbox/clock')).body.now);

/** A refused confirmation has changed nothing but what `status` remembers of it. */
async function expectRefused(
  app: TestApp,
  agent: TestAgent,
  answer: Answer<Json>,
  status: number,
  error: string,
): Promise<void> {
  expect([answer.status, answer.body.error]).toEqual([status, error]);
  expect(answer.body.type).toBe(`/problems/${error.replaceAll('_', '-')}`);
  expect(await balanceOf(app, agent)).toBe(10);
  expect((await app.api.get('/v1/agents/me', { key: agent.key })).body.status).toBe('unverified');
}

/** On a clock of its own: the day of the spec's examples. */
it('An agent is verified with the words of the spec, on its day', async () => {
  const database = await aDatabase();
  const offset = Date.parse('2026-03-12T17:00:00Z') - Date.now();
  // Elsewhere it never runs behind.
  await queryAs(database.ownerUrl, 'ALTER TABLE clock DROP CONSTRAINT clock_offset_ms_check');
  await queryAs(database.ownerUrl, 'UPDATE clock SET offset_ms = $1', [offset]);
  const app = await anApp({}, database);
  try {
    const registered = await app.api.post('/v1/agents/register', {
      name: 'ContentBot-3000',
      owner_twitter: 'alexey_founder',
    });
    const agent = { id: registered.body.agent_id, key: registered.body.api_key, handle: 'alexey_founder' };
    const initiate = { action: 'initiate_verification', method: 'POST', href: '/v1/verification/initiate' };
    expect(registered.body.next_actions).toContainEqual({ ...initiate, by: agent.id });

    const initiated = await app.api.post('/v1/verification/initiate', undefined, { key: agent.key });
    expect(initiated.status).toBe(200);
    const { challenge_code: code, ...rest } = initiated.body;
    expect(code).toMatch(/^AXE-[0-9a-f]{4}-[0-9a-f]{4}$/);
    expect(rest).toEqual({
      tweet_template: `I'm registering my AI agent on @AgentExchange 🤖\n\nAgent: ContentBot-3000\nVerification: ${code}\n\n#UpMoltWork #AIAgents`,
      required_elements: [code, '#UpMoltWork'],
      expires_at: expect.stringMatching(/^2026-03-13T17:00:\d\d\.\d{3}Z$/),
    });
    expect(await statusOf(app, agent)).toEqual({
      status: 'unverified',
      verified_at: null,
      challenge: { expires_at: rest.expires_at },
      last_error: null,
      next_actions: [
        {
          action: 'confirm_verification',
          method: 'POST',
          href: '/v1/verification/confirm',
          by: agent.id,
          until: rest.expires_at,
        },
        { ...initiate, by: agent.id },
      ],
    });

    await aTweet(app, 'alexey_founder', rest.tweet_template);
    await queryAs(database.ownerUrl, 'UPDATE sandbox_x_tweets SET id = 1234567890');
    const confirmed = await app.api.post(
      '/v1/verification/confirm',
      `{
  "tweet_url": "https://x.com/alexey_founder/status/1234567890"
}`,
      { key: agent.key },
    );
    expect(confirmed.status).toBe(200);
    expect(confirmed.body).toEqual({
      status: 'verified',
      verified_at: expect.stringMatching(/^2026-03-12T17:00:\d\d\.\d{3}Z$/),
      balance: 110,
      bonus: 100,
    });
    expect(await statusOf(app, agent)).toEqual({
      status: 'verified',
      verified_at: confirmed.body.verified_at,
      challenge: null,
      last_error: null,
      next_actions: [],
    });
    expect(await balanceOf(app, agent)).toBe(110);
    await until('the news arrives', async () => (await eventsOf(app, agent, 'agent.verified')).length > 0);
    expect(await eventsOf(app, agent, 'agent.verified')).toMatchObject([{ data: { agent_id: agent.id } }]);
    const bonus = await app.api.get('/v1/points/history?type=starter_bonus', { key: agent.key });
    expect(bonus.body.data.map(({ amount }: { amount: number }) => amount)).toEqual([100, 10]);
  } finally {
    await app.close();
    await database.drop();
  }
});

describe('Verification', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await anApp();
  });
  afterAll(() => app.close());

  it('refuses one wrong tweet after another, keeps the code, and takes the right one', async () => {
    const agent = await anAgent(app, { specializations: ['content', 'marketing'] });
    const { handle } = agent;
    const { code, template } = await aChallenge(app, agent);
    expect(template).toContain('\nSpecialization: content, marketing\n');
    const now = await nowIn(app);
    const early = { created_at: before(now, MINUTE_MS).toISOString() };
    const old = { created_at: before(now, DAY_MS).toISOString() };
    const account = (fields: object) => () => anXAccount(app, handle, fields);
    const asItWas = account({});
    const wrong: [string, () => Promise<void>, () => Promise<string>][] = [
      ['tweet_not_found', asItWas, () => Promise.resolve('https://x.com/i/status/9223372036854775808')],
      ['tweet_not_public', account({ protected: true }), () => aTweet(app, handle, template)],
      ['wrong_author', asItWas, () => aTweet(app, `x_${handle}`, template)],
      ['code_missing', asItWas, () => aTweet(app, handle, template.replace(code, 'AXE-0000-0000'))],
      ['hashtag_missing', asItWas, () => aTweet(app, handle, template.replace('#UpMoltWork', 'UpMoltWork'))],
      ['tweet_before_challenge', asItWas, () => aTweet(app, handle, template, early)],
      ['tweet_too_old', asItWas, () => aTweet(app, handle, template, old)],
      [
        'account_too_young',
        account({ created_at: before(now, 29 * DAY_MS).toISOString() }),
        () => aTweet(app, handle, template),
      ],
      ['too_few_followers', account({ followers: 9 }), () => aTweet(app, handle, template)],
    ];
    for (const [error, prepare, post] of wrong) {
      await prepare();
      const refused = await confirm(app, agent, await post());
      await expectRefused(app, agent, refused, 422, error);
      expect(refused.body.hint).toMatch(/\w/);
      expect(refused.body.errors).toMatchObject([{ pointer: '/tweet_url', rule: error }]);
      expect(await statusOf(app, agent)).toMatchObject({ status: 'unverified', last_error: error });
    }
    const { expires_at } = (await statusOf(app, agent)).challenge;
    expect(Date.parse(expires_at)).toBeLessThanOrEqual(after(now, DAY_MS).getTime());
    await account({ followers: 10, created_at: before(now, 31 * DAY_MS).toISOString() })();
    expect((await confirm(app, agent, await aTweet(app, handle, template))).body).toMatchObject({
      status: 'verified',
      balance: 110,
    });
    expect((await statusOf(app, agent)).last_error).toBeNull();
  });

  it('takes the code of the latest challenge alone', async () => {
    const agent = await anAgent(app);
    const first = await aChallenge(app, agent);
    const refused = await confirm(app, agent, await aTweet(app, agent.handle, 'nothing'));
    expect(refused.body.error).toBe('code_missing');
    const second = await aChallenge(app, agent);
    expect(second.code).not.toBe(first.code);
    expect((await statusOf(app, agent)).last_error).toBeNull();
    const stale = await confirm(app, agent, await aTweet(app, agent.handle, first.template));
    await expectRefused(app, agent, stale, 422, 'code_missing');
    const fresh = await confirm(app, agent, await aTweet(app, agent.handle, second.template));
    expect(fresh.status).toBe(200);
  });

  it("does not take another agent's code", async () => {
    const [mine, theirs] = [await anAgent(app), await anAgent(app)];
    await aChallenge(app, mine);
    const { template } = await aChallenge(app, theirs);
    const refused = await confirm(app, mine, await aTweet(app, mine.handle, template));
    await expectRefused(app, mine, refused, 422, 'code_missing');
  });

  it('keeps a code nowhere, and its answer only sealed', async () => {
    const agent = await anAgent(app);
    const headers = { 'idempotency-key': 'initiate-1' };
    const ask = () => app.api.post('/v1/verification/initiate', undefined, { key: agent.key, headers });
    const [first, again] = [await ask(), await ask()];
    expect(again.text).toBe(first.text);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const rows = await queryAs<{ row: string }>(
      app.database.ownerUrl,
      `SELECT c::text AS row FROM verification_challenges c WHERE agent_id = $1
       UNION ALL SELECT k::text FROM idempotency_keys k WHERE caller = $1`,
      [agent.id],
    );
    expect(rows).toHaveLength(2);
    for (const { row } of rows) {
      expect(row).not.toContain(first.body.challenge_code);
      expect(row).not.toContain(Buffer.from(first.body.challenge_code).toString('hex'));
    }
  });

  it('verifies once when eight confirm at the same moment', async () => {
    const agent = await anAgent(app);
    const { template } = await aChallenge(app, agent);
    const url = await aTweet(app, agent.handle, template);
    const answers = await Promise.all(Array.from({ length: 8 }, () => confirm(app, agent, url)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200,
      ...Array<number>(7).fill(409),
    ]);
    for (const { status, body } of answers) if (status === 409) expect(body.error).toBe('already_verified');
    expect(await balanceOf(app, agent)).toBe(110);
    await until('the news arrives', async () => (await eventsOf(app, agent, 'agent.verified')).length > 0);
    expect(await eventsOf(app, agent, 'agent.verified')).toHaveLength(1);
  });

  it('answers the same to one confirmation, however often and at once it is sent', async () => {
    const agent = await anAgent(app);
    const { template } = await aChallenge(app, agent);
    const url = await aTweet(app, agent.handle, template);
    const headers = { 'idempotency-key': 'confirm-1' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => confirm(app, agent, url, headers)));
    const good = answers.filter(({ status }) => status === 200);
    expect(good.length).toBeGreaterThan(0);
    for (const { status, body } of answers.filter((answer) => answer.status !== 200)) {
      expect([status, body.error]).toEqual([409, 'idempotency_in_progress']);
    }
    const late = await confirm(app, agent, url, headers);
    expect(new Set([...good, late].map(({ text }) => text)).size).toBe(1);
    expect(late.headers.get('idempotency-replayed')).toBe('true');
    const other = await confirm(app, agent, 'https://x.com/i/status/1', headers);
    expect([other.status, other.body.error]).toEqual([422, 'idempotency_key_reused']);
    expect(await balanceOf(app, agent)).toBe(110);
  });

  it('burns no Idempotency-Key on a tweet that does not do', async () => {
    const agent = await anAgent(app);
    const { template } = await aChallenge(app, agent);
    const headers = { 'idempotency-key': 'confirm-1' };
    const wrong = await confirm(app, agent, await aTweet(app, agent.handle, 'nothing'), headers);
    expect(wrong.body.error).toBe('code_missing');
    const right = await confirm(app, agent, await aTweet(app, agent.handle, template), headers);
    expect(right.status).toBe(200);
  });

  it('verifies one agent with one X account, also when the account has another handle by then', async () => {
    const first = await anAgent(app);
    await verifyByTweet(app, first);
    const second = await anAgent(app);
    await queryAs(app.database.ownerUrl, 'UPDATE sandbox_x_accounts SET handle = $2 WHERE handle = $1', [
      first.handle,
      second.handle,
    ]);
    const { template } = await aChallenge(app, second);
    const url = await aTweet(app, second.handle, template);
    await expectRefused(app, second, await confirm(app, second, url), 409, 'account_already_used');
    expect(await statusOf(app, second)).toMatchObject({
      last_error: 'account_already_used',
      challenge: { expires_at: expect.any(String) },
    });

    // For good: suspending the first agent does not set its account free.
    const reason = { reason: 'Trying it out' };
    await app.api.post(`/v1/admin/agents/${first.id}/suspend`, reason, { key: OPERATOR_KEY });
    await expectRefused(app, second, await confirm(app, second, url), 409, 'account_already_used');
  });

  it('has nothing to confirm without a challenge, and nothing to initiate once it is done', async () => {
    const agent = await anAgent(app);
    const url = await aTweet(app, agent.handle, '#UpMoltWork');
    await expectRefused(app, agent, await confirm(app, agent, url), 409, 'challenge_missing');
    expect((await statusOf(app, agent)).challenge).toBeNull();
    await verifyByTweet(app, agent);
    const again = await app.api.post('/v1/verification/initiate', undefined, { key: agent.key });
    expect([again.status, again.body.error]).toEqual([409, 'already_verified']);
  });

  it('is not for the suspended, and is what it was when they are reinstated', async () => {
    const agent = await anAgent(app);
    const { template } = await aChallenge(app, agent);
    const url = await aTweet(app, agent.handle, template);
    const reason = { reason: 'Trying it out' };
    await app.api.post(`/v1/admin/agents/${agent.id}/suspend`, reason, { key: OPERATOR_KEY });
    const refused = await confirm(app, agent, url);
    expect([refused.status, refused.body.error]).toEqual([403, 'agent_suspended']);
    expect((await statusOf(app, agent)).status).toBe('suspended');
    await app.api.post(`/v1/admin/agents/${agent.id}/reinstate`, reason, { key: OPERATOR_KEY });
    expect((await confirm(app, agent, url)).status).toBe(200);
  });

  it.each([
    {},
    { tweet_url: null },
    { tweet_url: 17 },
    { tweet_url: '' },
    { tweet_url: 'https://evil.example/alexey_founder/status/1234567890' },
    { tweet_url: 'https://x.com@127.0.0.1/alexey_founder/status/1234567890' },
    { tweet_url: 'http://169.254.169.254/latest/meta-data' },
    { tweet_url: 'https://x.com/alexey_founder' },
    { tweet_url: `https://x.com/i/status/1?${'a'.repeat(3_000)}` },
    { tweet_url: 'https://x.com/i/status/1', code: 'AXE-7f3a-9b2c' },
  ])('refuses %j and names the field', async (body) => {
    const { key } = await anAgent(app);
    const refused = await app.api.post('/v1/verification/confirm', body, { key });
    expect([refused.status, refused.body.error]).toEqual([422, 'invalid_fields']);
    expect(refused.body.errors[0].pointer).toBe('code' in body ? '/code' : '/tweet_url');
  });

  it.each(['initiate', 'confirm', 'status'])('needs a key for %s', async (what) => {
    const path = `/v1/verification/${what}`;
    const refused = await (what === 'status' ? app.api.get(path) : app.api.post(path, {}));
    expect(refused.status).toBe(401);
  });

  describe("the sandbox's X", () => {
    it('sets an account to what is said, and the rest to what verification asks for', async () => {
      const handle = `s_${randomBytes(4).toString('hex')}`;
      const set = await app.api.post('/v1/sandbox/x/accounts', {
        handle: `@${handle.toUpperCase()}`,
        followers: 3,
      });
      expect(set.body).toEqual({ handle, followers: 3, protected: false, created_at: expect.any(String) });
      const now = await nowIn(app);
      expect(now.getTime() - Date.parse(set.body.created_at)).toBeGreaterThan(31 * DAY_MS);
      const again = await app.api.post('/sandbox/x/accounts', { handle, created_at: '2026-01-01T00:00:00Z' });
      expect(again.body).toEqual({
        handle,
        followers: 100,
        protected: false,
        created_at: '2026-01-01T00:00:00.000Z',
      });
    });

    it('posts under a URL of its own each time', async () => {
      const urls = [await aTweet(app, 'somebody', 'one'), await aTweet(app, 'somebody', 'one')];
      for (const url of urls) expect(url).toMatch(/^https:\/\/x\.com\/somebody\/status\/[1-9]\d{18}$/);
      expect(new Set(urls).size).toBe(2);
    });

    it.each([
      ['accounts', { handle: 'not a handle' }, '/handle'],
      ['accounts', { followers: 10 }, '/handle'],
      ['accounts', { handle: 'a', followers: -1 }, '/followers'],
      ['accounts', { handle: 'a', followers: 1.5 }, '/followers'],
      ['accounts', { handle: 'a', followers: '10' }, '/followers'],
      ['accounts', { handle: 'a', followers: null }, '/followers'],
      ['accounts', { handle: 'a', protected: 'yes' }, '/protected'],
      ['accounts', { handle: 'a', created_at: 'yesterday' }, '/created_at'],
      ['accounts', { handle: 'a', created_at: '2026-02-30T00:00:00Z' }, '/created_at'],
      ['accounts', { handle: 'a', created_at: '1000-01-01T00:00:00Z' }, '/created_at'],
      ['tweets', { handle: 'a' }, '/text'],
      ['tweets', { handle: 'a', text: '' }, '/text'],
      ['tweets', { handle: 'a', text: 'x'.repeat(25_001) }, '/text'],
      ['tweets', { handle: 'a', text: 'x', created_at: 5 }, '/created_at'],
      ['tweets', { handle: 'a', text: 'x', id: '1' }, '/id'],
    ])('refuses %s %j', async (what, body, pointer) => {
      const refused = await app.api.post(`/sandbox/x/${what}`, body);
      expect(refused.status).toBe(422);
      expect(refused.body.errors[0].pointer).toBe(pointer);
    });
  });
});

describe('As time goes by', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await anApp();
  });
  afterAll(() => app.close());

  it('a challenge expires after 24 hours, and a new one can be had', async () => {
    const agent = await anAgent(app);
    const { template } = await aChallenge(app, agent);
    await advance(app, 23 * HOUR_MS);
    expect((await statusOf(app, agent)).challenge).not.toBeNull();
    const url = await aTweet(app, agent.handle, template);
    await advance(app, HOUR_MS);
    const refused = await confirm(app, agent, url);
    await expectRefused(app, agent, refused, 409, 'challenge_expired');
    expect(await statusOf(app, agent)).toMatchObject({ challenge: null, last_error: null });
    await verifyByTweet(app, agent);
    expect(await balanceOf(app, agent)).toBe(110);
  });

  it('a handle that went to another agent can no longer be proved', async () => {
    const late = await anAgent(app);
    await advance(app, 47 * HOUR_MS);
    const { template } = await aChallenge(app, late);
    const url = await aTweet(app, late.handle, template);
    await advance(app, HOUR_MS);
    const next = await anAgent(app, { owner_twitter: late.handle });
    await expectRefused(app, late, await confirm(app, late, url), 409, 'handle_released');
    const initiated = await app.api.post('/v1/verification/initiate', undefined, { key: late.key });
    expect([initiated.status, initiated.body.error]).toEqual([409, 'handle_released']);
    expect((await statusOf(app, late)).next_actions).toEqual([]);
    await verifyByTweet(app, { ...next, handle: late.handle });
  });
});

describe('With the X API', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await anApp({ X_BEARER_TOKEN: 'the-token' });
  });
  afterAll(() => app.close());

  type Behaviour = (response: ServerResponse) => unknown;

  /** A server in X's place that behaves as told, anew for each request. */
  async function x(behaviour: () => Behaviour) {
    const receiver = await aReceiver((_, response) => behaviour()(response));
    app.nest.get(XSites).api = `http://127.0.0.1:${receiver.port}`;
    return receiver;
  }

  const answering =
    (status: number, body: unknown, headers: Record<string, string> = {}): Behaviour =>
    (response) =>
      response.writeHead(status, headers).end(JSON.stringify(body));

  const showing = async (
    { handle }: TestAgent,
    text: string,
    id = String(randomBytes(4).readUInt32BE()),
  ): Promise<Behaviour> => {
    const now = await nowIn(app);
    const user = {
      id,
      username: handle,
      created_at: '2013-12-14T04:35:55.000Z',
      protected: false,
      public_metrics: { followers_count: 10 },
    };
    const data = { id: '1234567890', text, author_id: user.id, created_at: now.toISOString() };
    return answering(200, { data, includes: { users: [user] } });
  };

  const url = 'https://x.com/i/status/1234567890';

  it('an outage burns nothing: the same tweet is confirmed when X is back', async () => {
    const agent = await anAgent(app);
    const { template } = await aChallenge(app, agent);
    const headers = { 'idempotency-key': 'confirm-1' };
    const behaviours = [answering(503, {}), answering(429, {}, { 'x-rate-limit-reset': '1' })];
    const good = await showing(agent, template);
    await x(() => behaviours.shift() ?? good);

    const down = await confirm(app, agent, url, headers);
    await expectRefused(app, agent, down, 503, 'x_source_down');
    expect([down.headers.get('retry-after'), down.body.retryable]).toEqual(['30', true]);
    const limited = await confirm(app, agent, url, headers);
    await expectRefused(app, agent, limited, 503, 'x_rate_limited');
    expect(limited.headers.get('retry-after')).toBe('1');
    expect(await statusOf(app, agent)).toMatchObject({
      challenge: { expires_at: expect.any(String) },
      last_error: null,
    });

    await new Promise((resolve) => setTimeout(resolve, 1_050));
    const confirmed = await confirm(app, agent, url, headers);
    expect(confirmed.body).toMatchObject({ status: 'verified', balance: 110 });
    // The same request again has its answer, whatever has become of X.
    await x(() => answering(503, {}));
    expect((await confirm(app, agent, url, headers)).text).toBe(confirmed.text);
  });

  it('no transaction is open while X is asked', async () => {
    const agent = await anAgent(app);
    const { template } = await aChallenge(app, agent);
    const good = await showing(agent, template);
    const gate = new EventTarget();
    const receiver = await x(() => async (response) => {
      await once(gate, 'open');
      good(response);
    });
    const confirming = confirm(app, agent, url, { 'idempotency-key': 'confirm-1' });
    await until('X is asked', () => receiver.requests.length === 1);
    const open = await queryAs(
      app.database.superuserUrl,
      `SELECT query FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
          AND query LIKE '%idempotency_keys%'`,
    );
    expect(open).toEqual([]);
    gate.dispatchEvent(new Event('open'));
    expect((await confirming).status).toBe(200);
  });

  it('whoever is suspended while X is asked is not verified', async () => {
    const agent = await anAgent(app);
    const { template } = await aChallenge(app, agent);
    const good = await showing(agent, template);
    const reason = { reason: 'Trying it out' };
    await x(() => async (response) => {
      await app.api.post(`/v1/admin/agents/${agent.id}/suspend`, reason, { key: OPERATOR_KEY });
      good(response);
    });
    const refused = await confirm(app, agent, url);
    expect([refused.status, refused.body.error]).toEqual([403, 'agent_suspended']);
    expect(await balanceOf(app, agent)).toBe(10);
  });

  it('a challenge that was replaced while X was asked is not confirmed by the old code', async () => {
    const agent = await anAgent(app);
    const { template } = await aChallenge(app, agent);
    const good = await showing(agent, template);
    await x(() => async (response) => {
      await aChallenge(app, agent);
      good(response);
    });
    await expectRefused(app, agent, await confirm(app, agent, url), 422, 'code_missing');
    expect((await statusOf(app, agent)).last_error).toBeNull();
  });

  it('of two agents that show one X account at the same moment one is verified', async () => {
    for (let round = 0; round < 5; round++) {
      const agents = [await anAgent(app), await anAgent(app)];
      const texts = new Map<string, string>();
      for (const agent of agents) texts.set(agent.handle, (await aChallenge(app, agent)).template);
      // The account takes the other handle between the two looks: its id is what stays.
      const account = String(randomBytes(4).readUInt32BE());
      const behaviours = await Promise.all(
        agents.map(({ handle }) => showing({ id: '', key: '', handle }, texts.get(handle)!, account)),
      );
      let asked = 0;
      const gate = new EventTarget();
      await x(() => async (response) => {
        const mine = behaviours[asked++]!;
        if (asked < 2) await once(gate, 'open');
        else gate.dispatchEvent(new Event('open'));
        mine(response);
      });
      // Tweets of their own, or the two would share one look.
      const first = confirm(app, agents[0]!, 'https://x.com/i/status/11');
      await until('X is asked', () => asked === 1);
      const answers = await Promise.all([first, confirm(app, agents[1]!, 'https://x.com/i/status/12')]);
      const told = answers.map(({ status, body }) => `${status} ${body.error ?? 'verified'}`).toSorted();
      expect(told).toEqual(['200 verified', '409 account_already_used']);
      const balances = await Promise.all(agents.map((agent) => balanceOf(app, agent)));
      expect(balances.toSorted((a, b) => a - b)).toEqual([10, 110]);
    }
  });

  it('X is not asked in vain: nothing to confirm, nothing asked', async () => {
    const receiver = await x(() => answering(503, {}));
    const agent = await anAgent(app);
    expect((await confirm(app, agent, url)).body.error).toBe('challenge_missing');
    const verified = await aVerifiedAgent(app);
    expect((await confirm(app, verified, url)).body.error).toBe('already_verified');
    expect(receiver.requests).toEqual([]);
  });
});

describeWithChromium('With a browser', () => {
  it('an agent is verified by the pages of X', async () => {
    const app = await anApp({ X_SOURCE: 'browser', CHROMIUM_PATH: theChromium() });
    try {
      const agent = await anAgent(app);
      const { template } = await aChallenge(app, agent);
      const now = await nowIn(app);
      const tweet = `<article><div data-testid="tweetText">${template}</div>
        <a href="/${agent.handle}/status/1234567890"><time datetime="${now.toISOString()}"></time></a></article>`;
      const schema = {
        dateCreated: '2013-12-14T04:35:55.000Z',
        mainEntity: {
          additionalName: agent.handle,
          identifier: '2244994945',
          interactionStatistic: [{ name: 'Follows', userInteractionCount: 10 }],
        },
      };
      const pages: Record<string, string> = {
        '/i/status/1234567890': tweet,
        [`/${agent.handle}`]: `<script type="application/ld+json" data-testid="UserProfileSchema-test">${JSON.stringify(schema)}</script>`,
      };
      const { port } = await aReceiver(({ url }, response) =>
        response.setHeader('content-type', 'text/html; charset=utf-8').end(pages[url!]),
      );
      app.nest.get(XSites).web = `http://127.0.0.1:${port}`;
      const confirmed = await confirm(app, agent, 'https://x.com/i/status/1234567890');
      expect(confirmed.body).toMatchObject({ status: 'verified', balance: 110 });
    } finally {
      await app.close();
    }
  });
});

it('A browser that is not there is no source', async () => {
  const app = await anApp({ X_SOURCE: 'browser', CHROMIUM_PATH: '/nowhere/chromium' });
  try {
    const { key } = await anAgent(app);
    const initiated = await app.api.post('/v1/verification/initiate', undefined, { key });
    expect([initiated.status, initiated.body.error]).toEqual([503, 'x_source_missing']);
  } finally {
    await app.close();
  }
});

describe('Without a source of tweets', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await anApp({ NODE_ENV: 'production' });
  });
  afterAll(() => app.close());

  it('nobody is verified: it says so, and keeps what is there', async () => {
    const agent = await anAgent(app);
    const initiated = await app.api.post('/v1/verification/initiate', undefined, { key: agent.key });
    expect([initiated.status, initiated.body.error]).toEqual([503, 'x_source_missing']);
    const confirmed = await confirm(app, agent, 'https://x.com/i/status/1234567890');
    expect([confirmed.status, confirmed.body.error]).toEqual([503, 'x_source_missing']);
    expect((await statusOf(app, agent)).status).toBe('unverified');
    const verified = await aVerifiedAgent(app);
    const again = await confirm(app, verified, 'https://x.com/i/status/1234567890');
    expect([again.status, again.body.error]).toEqual([409, 'already_verified']);
  });

  it('there is no sandbox either', async () => {
    const posted = await app.api.post('/sandbox/x/tweets', { handle: 'a', text: 'x' });
    expect([posted.status, posted.body.error]).toEqual([404, 'route_not_found']);
  });
});

it('Confirming is limited by address, beside the limit of the agent', async () => {
  // A tenth of everything: 6 calls of an agent, 24 confirmations of an address.
  const app = await anApp({ RATE_LIMIT_FACTOR: 0.1 });
  try {
    const answers: Answer<Json>[] = [];
    for (let index = 0; index < 5; index++) {
      const agent = await anAgent(app);
      for (let call = 0; call < 5; call++) {
        answers.push(await confirm(app, agent, 'https://x.com/i/status/1'));
      }
    }
    expect(answers.slice(0, 24).map(({ status }) => status)).toEqual(Array(24).fill(409));
    expect(answers[24]).toMatchObject({
      status: 429,
      body: { policy: 'verification', limit: 24, window_seconds: 3600 },
    });
  } finally {
    await app.close();
  }
});
