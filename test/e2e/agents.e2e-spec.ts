import type { FieldError } from '#kernel/errors/domain-error';
import { AgentSearch } from '#modules/agents';
import { Database } from '#platform/database';
import { aVerifiedAgent, anAgent, verify, verifyByTweet, type TestAgent } from '../builders/agents.js';
import type { Answer } from '../support/api.js';
import { anApp, OPERATOR_KEY, type TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';

const NEWS_OF = `SELECT id FROM outbox WHERE subject = $1 AND name = 'agent.updated' ORDER BY id`;

describe('An agent', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await anApp();
  });
  afterAll(() => app.close());

  const balanceInLedger = async (id: string): Promise<number> => {
    const [row] = await queryAs<{ sum: string }>(
      app.database.ownerUrl,
      `SELECT coalesce(sum(amount), 0) AS sum FROM transactions WHERE account_id = $1 AND currency = 'points'`,
      [id],
    );
    return Number(row!.sum);
  };

  it('registers with the request of the spec and reads itself', async () => {
    const registered = await app.api.post(
      '/v1/agents/register',
      `{
  "name": "ContentBot-3000",
  "description": "I write blog posts and social media content",
  "owner_twitter": "alexey_founder",
  "specializations": ["content", "marketing"],
  "webhook_url": "https://my-agent.example.com/webhooks/exchange",
  "a2a_agent_card_url": "https://my-agent.example.com/.well-known/agent.json"
}`,
    );
    expect(registered.status).toBe(201);
    expect(registered.body).toMatchObject({
      agent_id: expect.stringMatching(/^agt_[0-9a-z]{8}$/),
      api_key: expect.stringMatching(/^axe_agt_[0-9a-z]{8}_[0-9a-f]{64}$/),
      status: 'unverified',
      balance: 10,
      message: 'Registered. Complete verification to unlock full access and receive starter balance.',
      webhook_secret: expect.stringMatching(/^whsec_/),
    });

    const me = await app.api.get('/v1/agents/me', { key: registered.body.api_key });
    expect(me.status).toBe(200);
    expect(me.body).toMatchObject({
      id: registered.body.agent_id,
      name: 'ContentBot-3000',
      owner_twitter: 'alexey_founder',
      status: 'unverified',
      balance_points: 10,
      balance_usdc: 0,
      reputation_score: 0,
      success_rate: 0,
      avg_rating: null,
      specializations: ['content', 'marketing'],
      webhook_status: 'active',
      a2a_agent_card_url: 'https://my-agent.example.com/.well-known/agent.json',
    });
    expect(me.body.next_actions).toContainEqual({
      action: 'rotate_key',
      method: 'POST',
      href: '/v1/agents/me/rotate-key',
      by: registered.body.agent_id,
    });
    expect(me.text).not.toContain('whsec_');
    expect(await balanceInLedger(registered.body.agent_id)).toBe(10);
  });

  it('keeps a key only as a keyed hash and a webhook secret only sealed', async () => {
    const agent = await anAgent(app, { webhook_url: 'https://hooks.example.com/in' });
    const [row] = await queryAs<{ everything: string }>(
      app.database.ownerUrl,
      `SELECT a::text AS everything FROM agents a WHERE id = $1`,
      [agent.id],
    );
    expect(row!.everything).not.toContain(agent.key.slice(-64));
    expect(Buffer.from(row!.everything).includes(Buffer.from('whsec_').toString('hex'))).toBe(false);
  });

  describe('its handle', () => {
    it('is one agent, whatever its case and with or without @', async () => {
      const first = await app.api.post('/v1/agents/register', { name: 'A', owner_twitter: '@Elon_M' });
      expect(first.status).toBe(201);
      const second = await app.api.post('/v1/agents/register', { name: 'B', owner_twitter: 'elon_m' });
      expect(second.status).toBe(409);
      expect(second.body).toMatchObject({ error: 'handle_taken', owner_twitter: 'elon_m', status: 409 });
    });

    it('goes to exactly one of eight who register it at the same moment', async () => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, () =>
          app.api.post('/v1/agents/register', { name: 'Race', owner_twitter: 'raced' }),
        ),
      );
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
        201,
        ...Array(7).fill(409),
      ]);
    });

    it('is released after 48 hours without verification, and not before', async () => {
      const squatter = await anAgent(app, { owner_twitter: 'squatted' });
      const proper = await anAgent(app, { owner_twitter: 'verified_one' });
      await verify(app, proper);
      const again = { name: 'Next', owner_twitter: 'squatted' };
      await advance(app, 47 * 3600);
      expect((await app.api.post('/v1/agents/register', again)).status).toBe(409);
      await advance(app, 3600);
      expect((await app.api.post('/v1/agents/register', again)).status).toBe(201);
      expect((await app.api.get('/v1/agents/me', { key: squatter.key })).body.owner_twitter).toBeNull();
      const verifiedTaken = await app.api.post('/v1/agents/register', {
        name: 'X',
        owner_twitter: 'verified_one',
      });
      expect(verifiedTaken.status).toBe(409);
    });

    it('once its claim has lapsed, goes to exactly one of eight at the same moment', async () => {
      const squatter = await anAgent(app, { owner_twitter: 'lapsed_claim' });
      await advance(app, 48 * 3600);
      const answers = await Promise.all(
        Array.from({ length: 8 }, () =>
          app.api.post('/v1/agents/register', { name: 'Heir', owner_twitter: 'lapsed_claim' }),
        ),
      );
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
        201,
        ...Array(7).fill(409),
      ]);
      const heir = answers.find(({ status }) => status === 201)!.body.api_key;
      expect((await app.api.get('/v1/agents/me', { key: heir })).body.owner_twitter).toBe('lapsed_claim');
      expect((await app.api.get('/v1/agents/me', { key: squatter.key })).body.owner_twitter).toBeNull();
    });
  });

  describe('verified', () => {
    it('has been paid 100 more, once, however often it is marked', async () => {
      const agent = await aVerifiedAgent(app);
      await Promise.all(Array.from({ length: 8 }, () => verify(app, agent)));
      const me = await app.api.get('/v1/agents/me', { key: agent.key });
      expect(me.body).toMatchObject({ status: 'verified', balance_points: 110 });
      expect(await balanceInLedger(agent.id)).toBe(110);
    });
  });

  describe('its profile', () => {
    it('changes only what was sent, and null removes', async () => {
      const agent = await anAgent(app, { description: 'before', specializations: ['content'] });
      const changed = await app.api.patch('/v1/agents/me', { name: 'New name' }, { key: agent.key });
      expect(changed.body).toMatchObject({
        name: 'New name',
        description: 'before',
        specializations: ['content'],
      });
      const hooked = await app.api.patch(
        '/v1/agents/me',
        { webhook_url: 'https://hooks.example.com/a' },
        { key: agent.key },
      );
      expect(hooked.body.webhook_secret).toMatch(/^whsec_/);
      const moved = await app.api.patch(
        '/v1/agents/me',
        { webhook_url: 'https://hooks.example.com/b' },
        { key: agent.key },
      );
      expect(moved.body.webhook_secret).toBeUndefined();
      expect(moved.body.webhook_url).toBe('https://hooks.example.com/b');
      // The same again is no news.
      const before = await queryAs(app.database.ownerUrl, NEWS_OF, [agent.id]);
      const { name, description, specializations, webhook_url } = moved.body;
      const again = await app.api.patch(
        '/v1/agents/me',
        { name, description, specializations, webhook_url, webhook_enabled: true },
        { key: agent.key },
      );
      expect([again.status, again.body.updated_at]).toEqual([200, moved.body.updated_at]);
      expect(await queryAs(app.database.ownerUrl, NEWS_OF, [agent.id])).toEqual(before);

      const removed = await app.api.patch('/v1/agents/me', { webhook_url: null }, { key: agent.key });
      expect(removed.body).toMatchObject({ webhook_url: null, webhook_status: 'none' });
    });

    it.each([
      [{ owner_twitter: 'other' }, '/owner_twitter', 'unknown'],
      [{ name: null }, '/name', 'isString'],
      [{ name: '' }, '/name', 'isLength'],
      [{ name: '   ' }, '/name', 'matches'],
      [{ name: '❤️'.repeat(100) }, '/name', 'isLength'],
      [{ description: 'x'.repeat(5001) }, '/description', 'maxLength'],
      [{ specializations: ['UPPER'] }, '/specializations', 'matches'],
      [
        { specializations: Array.from({ length: 21 }, (_, i) => `t${i}`) },
        '/specializations',
        'arrayMaxSize',
      ],
      [{ specializations: null }, '/specializations', 'isArray'],
      [{ webhook_url: 'ftp://x.example.com' }, '/webhook_url', 'scheme'],
      [{ webhook_url: 'https://user:pw@x.example.com/' }, '/webhook_url', 'userinfo'],
      [{ webhook_url: 'not a url' }, '/webhook_url', 'form'],
      [{ webhook_url: 'https://x.example.com:22/' }, '/webhook_url', 'port'],
      [{ a2a_agent_card_url: 17 }, '/a2a_agent_card_url', 'isString'],
      [{ balance_points: 1_000_000 }, '/balance_points', 'unknown'],
    ])('refuses %j and names %s', async (body, pointer, rule) => {
      const agent = await anAgent(app);
      const refused = await app.api.patch('/v1/agents/me', body, { key: agent.key });
      expect(refused.status).toBe(422);
      expect(refused.headers.get('content-type')).toContain('application/problem+json');
      expect(refused.body.error).toBe('invalid_fields');
      expect(refused.body.errors.map((wrong: FieldError) => [wrong.pointer, wrong.rule])).toContainEqual([
        pointer,
        rule,
      ]);
      expect((await app.api.get('/v1/agents/me', { key: agent.key })).body.name).toBe('Test agent');
    });

    it('has a strong ETag that answers 304 until something changes', async () => {
      const agent = await anAgent(app);
      const first = await app.api.get('/v1/agents/me', { key: agent.key });
      const etag = first.headers.get('etag')!;
      expect(etag).toMatch(/^"[^"]+"$/);
      const same = await app.api.get('/v1/agents/me', { key: agent.key, headers: { 'if-none-match': etag } });
      expect(same.status).toBe(304);
      await app.api.patch('/v1/agents/me', { name: 'Other' }, { key: agent.key });
      const other = await app.api.get('/v1/agents/me', {
        key: agent.key,
        headers: { 'if-none-match': etag },
      });
      expect(other.status).toBe(200);
    });

    it('can be waited for: the answer comes with the change', async () => {
      const agent = await anAgent(app);
      const { headers } = await app.api.get('/v1/agents/me', { key: agent.key });
      const waiting = app.api.get('/v1/agents/me?wait=20', {
        key: agent.key,
        headers: { 'if-none-match': headers.get('etag')! },
      });
      await app.api.patch('/v1/agents/me', { name: 'Changed while you waited' }, { key: agent.key });
      const answer = await waiting;
      expect(answer.status).toBe(200);
      expect(answer.body.name).toBe('Changed while you waited');
    });

    it('can be waited for in vain, also where it is not written in ASCII', async () => {
      const agent = await anAgent(app);
      await app.api.patch('/v1/agents/me', { name: 'Häuser 🏠' }, { key: agent.key });
      const { headers } = await app.api.get('/v1/agents/me', { key: agent.key });
      const seen = { 'if-none-match': headers.get('etag')! };
      const same = await app.api.get('/v1/agents/me?wait=1', { key: agent.key, headers: seen });
      expect(same.status).toBe(304);
    });

    it.each(['61', '-1', 'x', '1.5', ''])('refuses wait=%s', async (wait) => {
      const agent = await anAgent(app);
      const refused = await app.api.get(`/v1/agents/me?wait=${wait}`, { key: agent.key });
      expect(refused.status).toBe(422);
      expect(refused.body.errors[0]).toMatchObject({ in: 'query', pointer: '/wait' });
    });
  });

  describe('its key', () => {
    it('is exchanged at once: the old one opens nothing', async () => {
      const agent = await anAgent(app);
      await app.api.get('/v1/agents/me', { key: agent.key });
      const rotated = await app.api.post('/v1/agents/me/rotate-key', undefined, { key: agent.key });
      expect(rotated.status).toBe(200);
      expect((await app.api.get('/v1/agents/me', { key: agent.key })).status).toBe(401);
      expect((await app.api.get('/v1/agents/me', { key: rotated.body.api_key })).status).toBe(200);
    });

    it('is exchanged once when eight ask at the same moment', async () => {
      const agent = await anAgent(app);
      const answers = await Promise.all(
        Array.from({ length: 8 }, () =>
          app.api.post('/v1/agents/me/rotate-key', undefined, { key: agent.key }),
        ),
      );
      const won = answers.filter(({ status }) => status === 200);
      expect(won).toHaveLength(1);
      for (const { status } of answers) expect([200, 401, 409]).toContain(status);
      expect((await app.api.get('/v1/agents/me', { key: won[0]!.body.api_key })).status).toBe(200);
    });

    it.each(['rotated first', 'suspended first'])(
      'opens what a suspended agent may read when it is exchanged beside the suspension (%s)',
      async (first) => {
        const agent = await anAgent(app);
        const rotate = () => app.api.post('/v1/agents/me/rotate-key', undefined, { key: agent.key });
        const suspend = () =>
          app.api.post(
            `/v1/admin/agents/${agent.id}/suspend`,
            { reason: 'Needed by a race' },
            { key: OPERATOR_KEY },
          );
        const acts = first === 'rotated first' ? [rotate, suspend] : [suspend, rotate];
        const answers = await Promise.all(acts.map((act) => act()));
        const [rotated, suspended] = first === 'rotated first' ? answers : answers.toReversed();
        expect(suspended!.status).toBe(200);
        expect([200, 403]).toContain(rotated!.status);
        const key = rotated!.status === 200 ? rotated!.body.api_key : agent.key;
        expect((await app.api.get('/v1/agents/me', { key })).body.status).toBe('suspended');
        expect((await app.api.patch('/v1/agents/me', { name: 'Other' }, { key })).status).toBe(403);
      },
    );

    it('within ten minutes still opens the answer of its own rotation, and nothing else', async () => {
      const agent = await anAgent(app);
      const headers = { 'idempotency-key': 'rotation-1' };
      const first = await app.api.post('/v1/agents/me/rotate-key', undefined, { key: agent.key, headers });
      const again = await app.api.post('/v1/agents/me/rotate-key', undefined, { key: agent.key, headers });
      expect(again.status).toBe(200);
      expect(again.text).toBe(first.text);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      const other = { 'idempotency-key': 'rotation-2' };
      expect(
        (await app.api.post('/v1/agents/me/rotate-key', undefined, { key: agent.key, headers: other }))
          .status,
      ).toBe(401);
      expect((await app.api.post('/v1/agents/me/rotate-key', undefined, { key: agent.key })).status).toBe(
        401,
      );
      expect((await app.api.patch('/v1/agents/me', { name: 'X' }, { key: agent.key, headers })).status).toBe(
        401,
      );
      await advance(app, 11 * 60);
      expect(
        (await app.api.post('/v1/agents/me/rotate-key', undefined, { key: agent.key, headers })).status,
      ).toBe(401);
    });

    it.each([
      ['none', undefined],
      ['an empty one', ''],
      ['nonsense', 'nonsense'],
      ['a well-formed one of nobody', `axe_agt_00000000_${'0'.repeat(64)}`],
      ["an operator's", `opk_${'f'.repeat(64)}`],
    ])('is needed: %s is 401', async (_, key) => {
      const refused = await app.api.get('/v1/agents/me', {
        headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
      });
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toBe('Bearer');
      expect(refused.body).toMatchObject({ error: 'unauthenticated', type: '/problems/unauthenticated' });
    });

    it('counts to its last character', async () => {
      const agent = await anAgent(app);
      const last = agent.key.at(-1) === '0' ? '1' : '0';
      expect((await app.api.get('/v1/agents/me', { key: agent.key.slice(0, -1) + last })).status).toBe(401);
    });
  });

  describe('in the directory', () => {
    let crowd: TestAgent[];
    let directory: TestApp;
    beforeAll(async () => {
      directory = await anApp();
      crowd = [];
      for (let i = 0; i < 7; i++) {
        const fields = {
          name: `Crowd ${i} ${i % 2 ? 'writer' : 'painter'}`,
          specializations: i % 2 ? ['content'] : ['images'],
        };
        crowd.push(i < 3 ? await aVerifiedAgent(directory, fields) : await anAgent(directory, fields));
      }
    });
    afterAll(() => directory.close());

    const idsOf = (body: { data: { id: string }[] }): string[] => body.data.map(({ id }) => id);

    it.each(['reputation', 'tasks_completed', 'newest'])(
      'is listed by %s, page by page, each agent once',
      async (sort) => {
        const seen: string[] = [];
        let cursor: string | null = '';
        while (cursor !== null) {
          const page: Answer<{ data: { id: string }[]; next_cursor: string | null }> =
            await directory.api.get(`/v1/agents?limit=3&sort=${sort}${cursor ? `&cursor=${cursor}` : ''}`);
          expect(page.status).toBe(200);
          seen.push(...idsOf(page.body));
          cursor = page.body.next_cursor;
          // Who registers meanwhile must not shift the pages; newest is the one order it comes before.
          if (seen.length === 3 && sort === 'newest') await anAgent(directory, { name: 'Latecomer' });
        }
        expect(new Set(seen).size).toBe(seen.length);
        expect(crowd.every(({ id }) => seen.includes(id))).toBe(true);
      },
    );

    it('is filtered and searched', async () => {
      const verified = await directory.api.get('/v1/agents?verified=true&specialization=content');
      expect(idsOf(verified.body)).toEqual([crowd[1]!.id]);
      const painters = await directory.api.get('/v1/agents?q=painter&verified=false');
      expect(new Set(idsOf(painters.body))).toEqual(new Set([crowd[4]!.id, crowd[6]!.id]));
      const byHandle = await directory.api.get(`/v1/agents?q=${crowd[5]!.handle}`);
      expect(idsOf(byHandle.body)).toEqual([crowd[5]!.id]);
    });

    it('is searched for by what its words are now', async () => {
      const agent = await anAgent(directory, { name: 'Kestrel', description: 'It draws maps of harbours.' });
      const finds = async (q: string): Promise<boolean> =>
        idsOf((await directory.api.get(`/v1/agents?q=${q}`)).body).includes(agent.id);
      expect([await finds('kestrel'), await finds('harbours'), await finds('"maps of"')]).toEqual([
        true,
        true,
        true,
      ]);
      expect([await finds('kestrel -harbours'), await finds('kestrel or nobody')]).toEqual([false, true]);
      const changes = { name: 'Merlin', description: '', specializations: ['sea-charts'] };
      await directory.api.patch('/v1/agents/me', changes, { key: agent.key });
      const gone = [await finds('kestrel'), await finds('harbours')];
      expect([...gone, await finds('merlin'), await finds('charts')]).toEqual([false, false, true, true]);
    });

    it('finds nothing, and reads nothing, for words that are all left out', async () => {
      const search = directory.nest.get(AgentSearch);
      const everybody = await search.page({ q: 'crowd' }, 'reputation', undefined, 10);
      expect(everybody.length).toBeGreaterThan(0);
      // Past the rule of the wire, which refuses them: pages search for whatever was typed.
      for (const q of ['-agent', 'crowd or -agent', '-"an agent"', '!!!'])
        expect([q, await search.page({ q }, 'reputation', undefined, 10)]).toEqual([q, []]);
      const page = await directory.api.get('/agents?q=-agent', { headers: { accept: 'text/html' } });
      expect(page.status).toBe(200);
    });

    it('is searched for on connections of its own: while they are all taken, everything else is answered', async () => {
      const { primary } = directory.nest.get(Database).searches;
      const taken = await Promise.all(Array.from({ length: primary.options.max }, () => primary.connect()));
      const paths = [
        '/v1/agents?q=crowd',
        '/v1/agents?specialization=content',
        '/v1/tasks?q=crowd',
        '/public/search?q=a',
      ];
      const busy = paths.map((path) => directory.api.get(path));
      expect((await directory.api.get('/v1/agents')).status).toBe(200);
      expect((await directory.api.get('/v1/tasks?status=open')).status).toBe(200);
      for (const refused of await Promise.all(busy)) {
        expect([refused.status, refused.body.error]).toEqual([503, 'overloaded']);
        expect(refused.headers.get('retry-after')).toBe('2');
      }
      for (const session of taken) session.release();
      for (const path of paths) expect((await directory.api.get(path)).status).toBe(200);
    });

    it.each([
      'q=-agent',
      'q=crowd%20or%20-agent',
      'limit=0',
      'limit=101',
      'limit=-5',
      'limit=abc',
      'limit=1.5',
      'limit=1&limit=2',
      'cursor=nonsense',
      'cursor=WyJuZXdlc3QiLCJ4IiwieSJd',
      'verified=maybe',
      'sort=price',
      'specialization=A%20B',
      'q=',
      'colour=red',
    ])('refuses %s', async (query) => {
      const refused = await directory.api.get(`/v1/agents?${query}`);
      expect(refused.status).toBe(422);
      expect(refused.body.errors[0].in).toBe('query');
    });

    it('refuses the cursor of another sort', async () => {
      const { body } = await directory.api.get('/v1/agents?limit=1&sort=newest');
      expect((await directory.api.get(`/v1/agents?sort=reputation&cursor=${body.next_cursor}`)).status).toBe(
        422,
      );
    });

    it('shows its profile and reputation to everybody, and no balance', async () => {
      const profile = await directory.api.get(`/v1/agents/${crowd[0]!.id}`);
      expect(profile.status).toBe(200);
      expect(profile.body).toMatchObject({ id: crowd[0]!.id, status: 'verified', next_actions: [] });
      expect(Object.keys(profile.body).filter((name) => /balance|webhook|key/.test(name))).toEqual([]);
      const reputation = await directory.api.get(`/v1/agents/${crowd[0]!.id}/reputation`);
      expect(reputation.body).toMatchObject({
        agent_id: crowd[0]!.id,
        tasks_completed: 0,
        success_rate: 0,
        avg_rating: null,
      });
    });

    it.each(['agt_00000000', 'nobody', 'agt_%00', '%F0%9F%90%99'])('knows no %s', async (id) => {
      const refused = await directory.api.get(`/v1/agents/${id}`);
      expect([404, 422]).toContain(refused.status);
      expect(refused.body.type).toMatch(/^\/problems\//);
    });

    it('knows the platform itself', async () => {
      const { body } = await directory.api.get('/v1/agents/agt_system');
      expect(body).toMatchObject({ name: 'UpMoltWork Platform', balance_points: null });
    });

    it('shows the tweet that has verified it, and none before', async () => {
      const agent = await anAgent(directory);
      const tweetOf = async () =>
        (await directory.api.get(`/v1/agents/${agent.id}`)).body.verification_tweet_url;
      expect(await tweetOf()).toBeNull();
      await verifyByTweet(directory, agent);
      expect(await tweetOf()).toMatch(new RegExp(`^https://x\\.com/${agent.handle}/status/\\d+$`));
      const page = await directory.api.get(`/agents/${agent.id}`, { headers: { accept: 'text/html' } });
      expect(page.text).toContain(`https://x.com/${agent.handle}/status/`);
    });
  });
});

async function advance(app: TestApp, seconds: number): Promise<void> {
  const answer = await app.api.post('/sandbox/clock/advance', { seconds });
  if (answer.status !== 200) throw new Error(answer.text);
}
