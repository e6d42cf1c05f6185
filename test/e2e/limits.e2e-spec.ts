import { randomBytes } from 'node:crypto';
import { Replicas } from '#platform/messaging';
import { type TestAgent, verify } from '../builders/agents.js';
import type { Answer, Json, RequestOptions } from '../support/api.js';
import { anApp, OPERATOR_KEY, type TestApp } from '../support/app.js';
import { until } from '../support/until.js';

/** Every story calls from an address of its own, as a proxy in front would tell it. */
const env = { RATE_LIMIT_FACTOR: 1, TRUST_PROXY: 1 };
/** A tenth of everything: 6 calls of an agent, 12 of an address, 6 registrations. */
const small = { RATE_LIMIT_FACTOR: 0.1, TRUST_PROXY: 1 };

describe('Limits', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await anApp(env);
  });
  afterAll(() => app.close());

  it.each([
    [200, 'GET', '/v1/agents', {}],
    [200, 'HEAD', '/v1/agents', {}],
    [401, 'GET', '/v1/agents/me', {}],
    [401, 'GET', '/v1/agents/me', { key: 'nobody' }],
    [401, 'GET', '/v1/admin/audit', { key: 'opk_nobody' }],
    [404, 'GET', '/v1/agents/agt_00000000', {}],
    [404, 'GET', '/v1/nothing', {}],
    [404, 'GET', '/docs/nothing.js', {}],
    [405, 'OPTIONS', '/v1/agents', {}],
    [400, 'POST', '/v1/agents/register', { body: '{' }],
    [400, 'GET', '/v1/agents/%E0%A4%A', {}],
    [405, 'DELETE', '/v1/agents', {}],
    [415, 'POST', '/v1/agents/register', { body: 'name=x', headers: { 'content-type': 'text/plain' } }],
    [422, 'GET', '/v1/agents?limit=0', {}],
    [200, 'GET', '/docs', {}],
    [200, 'GET', '/docs/swagger-ui.css', {}],
    [200, 'GET', '/admin/docs', {}],
    [200, 'GET', '/openapi.json', {}],
    [200, 'GET', '/admin/openapi.yaml', {}],
    [200, 'GET', '/problems', {}],
  ] as [number, string, string, RequestOptions][])(
    'are told with %i of %s %s, which costs the address one call',
    async (status, method, path, options) => {
      const from = anAddress();
      const send = () => app.api.send(method, path, { ...options, headers: { ...options.headers, ...from } });
      const first = await send();
      expect(first.status).toBe(status);
      expect(first.headers.get('ratelimit-policy')).toBe('"ip";q=120;w=60');
      expect(standing(first)).toEqual({ policy: 'ip', limit: 120, remaining: 119 });
      expect(standing(await send())).toEqual({ policy: 'ip', limit: 120, remaining: 118 });
    },
  );

  it.each(['/docs', '/openapi.json', '/v1/nothing', '/v1/agents'])(
    'end at %s too, for all of an address at once',
    async (path) => {
      const from = anAddress();
      await Promise.all(Array.from({ length: 120 }, () => call(app, undefined, from)));
      const refused = await app.api.get(path, { headers: from });
      expectRefused(refused, { policy: 'ip', limit: 120, window_seconds: 60 });
    },
  );

  it('count neither health nor metrics, with or without a key, and never refuse them', async () => {
    const from = anAddress();
    const agent = await register(app);
    const read = (path: string, key?: string) => app.api.get(path, { key, headers: from });
    const probes: [number, string, string?][] = [
      [200, '/health/live'],
      [200, '/health/ready'],
      [200, '/health/deep'],
      [200, '/health/live', agent.key],
      [200, '/health/live', 'nobody'],
      [403, '/metrics'],
      [403, '/metrics', agent.key],
      [403, '/metrics', `opk_${'0'.repeat(64)}`],
      [200, '/metrics', OPERATOR_KEY],
    ];
    const probe = async () => {
      for (const [status, path, key] of probes) {
        const answer = await read(path, key);
        expect([path, answer.status, answer.headers.get('ratelimit')]).toEqual([path, status, null]);
      }
    };
    await probe();
    expect(standing(await call(app, undefined, from)).remaining).toBe(119);
    expect(standing(await call(app, agent.key, from)).remaining).toBe(59);
    await Promise.all(Array.from({ length: 120 }, () => call(app, undefined, from)));
    expect((await call(app, undefined, from)).status).toBe(429);
    await probe();
  });

  it('open the metrics to operators alone where a proxy is trusted, also when it names nobody', async () => {
    expect((await app.api.get('/metrics')).status).toBe(403);
    expect((await app.api.get('/metrics', { key: OPERATOR_KEY })).status).toBe(200);
  });

  it('are told with 304 too', async () => {
    const agent = await register(app);
    const { headers } = await call(app, agent.key);
    const same = await app.api.get('/v1/agents/me', {
      key: agent.key,
      headers: { 'if-none-match': headers.get('etag')! },
    });
    expect(same.status).toBe(304);
    expect(standing(same)).toEqual({ policy: 'agent', limit: 60, remaining: 58 });
  });

  it('give an unverified agent 60 calls a minute, and tell the 61st when to come back', async () => {
    const agent = await register(app);
    for (let remaining = 59; remaining >= 0; remaining--) {
      const answer = await call(app, agent.key);
      expect([answer.status, standing(answer).remaining]).toEqual([200, remaining]);
    }
    const refused = await call(app, agent.key);
    expectRefused(refused, { policy: 'agent', limit: 60, window_seconds: 60 });
    const written = await app.api.patch('/v1/agents/me', { name: 'Too late' }, { key: agent.key });
    expectRefused(written, { policy: 'agent', limit: 60, window_seconds: 60 });
    // Whatever the address, since the bucket is the agent's.
    expect((await call(app, agent.key, anAddress())).status).toBe(429);
    expect((await call(app, (await register(app)).key)).status).toBe(200);
  });

  it('give a verified agent ten times as many', async () => {
    const agent = await register(app);
    await verify(app, agent);
    const statuses: number[] = [];
    for (let chunk = 0; chunk < 12; chunk++) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => call(app, agent.key)));
      statuses.push(...answers.map(({ status }) => status));
    }
    expect(statuses).toEqual(Array(600).fill(200));
    expectRefused(await call(app, agent.key), { policy: 'agent', limit: 600, window_seconds: 60 });
  });

  it('give an operator 600 of its own, and its address nothing to pay', async () => {
    const from = anAddress();
    const read = () => app.api.get('/v1/admin/audit', { key: OPERATOR_KEY, headers: from });
    const { remaining } = standing(await read());
    expect(standing(await read())).toEqual({ policy: 'operator', limit: 600, remaining: remaining - 1 });
    expect(standing(await call(app, undefined, from)).remaining).toBe(119);
  });

  it.each([
    ['each time another', () => `axe_agt_00000000_${randomBytes(32).toString('hex')}`],
    ['always the same', () => `axe_agt_00000000_${'0'.repeat(64)}`],
    ['of no known form', () => 'let me in'],
  ])('charge wrong keys to the address (%s), while a right one from there passes', async (_, aWrongKey) => {
    const from = anAddress();
    const agent = await register(app);
    const answers = await Promise.all(Array.from({ length: 119 }, () => call(app, aWrongKey(), from)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect((await call(app, agent.key, from)).status).toBe(200);
    expect((await call(app, aWrongKey(), from)).status).toBe(401);

    expectRefused(await call(app, aWrongKey(), from), { policy: 'ip', limit: 120, window_seconds: 60 });
    expectRefused(await call(app, undefined, from), { policy: 'ip', limit: 120, window_seconds: 60 });
    const right = await call(app, agent.key, from);
    expect([right.status, standing(right)]).toEqual([200, { policy: 'agent', limit: 60, remaining: 58 }]);
    expect((await call(app, aWrongKey(), anAddress())).status).toBe(401);
  });

  it('take nothing from the address for good keys, however many come at once that were never seen', async () => {
    const agents = await Promise.all(Array.from({ length: 110 }, () => register(app)));
    const from = anAddress();
    const answers = await Promise.all(agents.map(({ key }) => call(app, key, from)));
    for (const answer of answers)
      expect([answer.status, standing(answer)]).toEqual([200, { policy: 'agent', limit: 60, remaining: 59 }]);
    expect(standing(await call(app, undefined, from)).remaining).toBe(119);
  });

  it('take nothing from the address for a good key that is new to it, one after another without end', async () => {
    const agents = await Promise.all(Array.from({ length: 130 }, () => register(app)));
    const from = anAddress();
    for (const { key } of agents) expect((await call(app, key, from)).status).toBe(200);
    expect(standing(await call(app, undefined, from)).remaining).toBe(119);
  });

  it('believe no more proxies than there are', async () => {
    const forged = (first: string) => ({ 'x-forwarded-for': `${first}, 198.51.100.77` });
    const one = await call(app, undefined, forged('192.0.2.1'));
    const other = await call(app, undefined, forged('192.0.2.2'));
    expect([standing(one).remaining, standing(other).remaining]).toEqual([119, 118]);
  });

  describe('a tenth as large', () => {
    let first: TestApp;
    beforeAll(async () => {
      first = await anApp(small);
    });
    afterAll(() => first.close());

    it('let an address register so often an hour, mistakes included', async () => {
      const from = anAddress();
      const attempt = (body: object = aBody()) =>
        first.api.post('/v1/agents/register', body, { headers: from });
      const done = await attempt();
      expect(done.status).toBe(201);
      expect(done.headers.get('ratelimit-policy')).toBe('"ip";q=12;w=60, "registration";q=6;w=3600');
      expect((await attempt({})).status).toBe(422);
      for (let i = 0; i < 4; i++) expect((await attempt()).status).toBe(201);
      const handle = aBody();
      expectRefused(await attempt(handle), { policy: 'registration', limit: 6, window_seconds: 3600 });
      expect((await call(first, undefined, from)).status).toBe(200);
      expect((await first.api.get(`/v1/agents?q=${handle.owner_twitter}`)).body.data).toEqual([]);
      expect((await first.api.post('/v1/agents/register', handle, { headers: anAddress() })).status).toBe(
        201,
      );
    });

    it('are those of both, where two applications share a database', async () => {
      const second = await anApp(small, first.database);
      const apps = [first, second];
      try {
        await until('each knows of the other', () => apps.every(({ nest }) => nest.get(Replicas).others));
        const agent = await register(first);
        const from = anAddress();
        const [byAgent, byAddress] = [await admitted(apps, agent.key), await admitted(apps, undefined, from)];
        expect([byAgent, byAddress]).toEqual([6, 12]);
        for (const each of apps) {
          expectRefused(await call(each, agent.key), { policy: 'agent', limit: 6, window_seconds: 60 });
          expectRefused(await call(each, undefined, from), { policy: 'ip', limit: 12, window_seconds: 60 });
          expect((await call(each, (await register(each)).key)).status).toBe(200);
        }
      } finally {
        await second.close();
      }
    });
  });
});

/** How many of many calls, in turn at each of the applications, were not refused. */
async function admitted(apps: readonly TestApp[], key?: string, from = anAddress()): Promise<number> {
  let passed = 0;
  for (let turn = 0; turn < 20; turn++)
    for (const app of apps) if ((await call(app, key, from)).status === 200) passed++;
  return passed;
}

const call = (app: TestApp, key?: string, headers = anAddress()): Promise<Answer<Json>> =>
  app.api.get(key === undefined ? '/v1/agents?limit=1' : '/v1/agents/me', { key, headers });

function expectRefused(answer: Answer<Json>, members: object): void {
  expect(answer.status).toBe(429);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.body).toMatchObject({ error: 'too_many_requests', status: 429, ...members });
  expect(standing(answer).remaining).toBe(0);
  const retryAfter = Number(answer.headers.get('retry-after'));
  expect(retryAfter).toBeGreaterThanOrEqual(1);
  expect(retryAfter).toBeLessThanOrEqual(answer.body.window_seconds);
}

/** What the answer says about the bucket that was charged; of two, the nearer to its end. */
function standing({ headers }: Answer<Json>): {
  policy: string | undefined;
  limit: number;
  remaining: number;
} {
  const policy = /^"(\w+)";r=\d+;t=\d+$/.exec(headers.get('ratelimit') ?? '')?.[1];
  const of = (name: string): number => Number(headers.get(`x-ratelimit-${name}`) ?? Number.NaN);
  return { policy, limit: of('limit'), remaining: of('remaining') };
}

async function register(app: TestApp): Promise<TestAgent> {
  const body = aBody();
  const answer = await app.api.post('/v1/agents/register', body, { headers: anAddress() });
  if (answer.status !== 201) throw new Error(`Registering answered ${answer.status}: ${answer.text}`);
  return { id: answer.body.agent_id, key: answer.body.api_key, handle: body.owner_twitter };
}

const aBody = () => ({ name: 'Limited', owner_twitter: `l_${randomBytes(5).toString('hex')}` });

let addresses = 0;
function anAddress(): { 'x-forwarded-for': string } {
  const n = ++addresses;
  return { 'x-forwarded-for': `203.0.${n >> 8}.${n & 255}` };
}
