import { anAgent, type TestAgent } from '../builders/agents.js';
import type { RequestOptions } from '../support/api.js';
import { anApp, OPERATOR_KEY, type TestApp } from '../support/app.js';

const ORIGIN = 'https://somebody.example';

describe('A page of another origin', () => {
  let app: TestApp;
  let agent: TestAgent;
  beforeAll(async () => {
    app = await anApp({ RATE_LIMIT_FACTOR: 1 });
    agent = await anAgent(app);
  });
  afterAll(() => app.close());

  const send = (method: string, path: string, { headers, ...options }: RequestOptions = {}) =>
    app.api.send(method, path, { ...options, headers: { origin: ORIGIN, ...headers } });
  const preflight = (path: string, asksFor = 'POST') =>
    send('OPTIONS', path, {
      headers: {
        'access-control-request-method': asksFor,
        'access-control-request-headers': 'authorization,content-type,idempotency-key',
      },
    });

  it.each([
    [200, 'GET', '/v1/agents', {}],
    [200, 'HEAD', '/v1/agents', {}],
    [200, 'GET', '/public/stats', {}],
    [200, 'GET', '/openapi.json', {}],
    [200, 'GET', '/health/live', {}],
    [200, 'GET', '/problems', {}],
    [200, 'GET', '/llms.txt', {}],
    [400, 'POST', '/v1/agents/register', { body: '{' }],
    [401, 'GET', '/v1/agents/me', {}],
    [404, 'GET', '/v1/nothing', {}],
    [405, 'DELETE', '/v1/agents', {}],
    [415, 'POST', '/v1/agents/register', { body: 'name=x', headers: { 'content-type': 'text/plain' } }],
    [422, 'GET', '/v1/agents?limit=0', {}],
  ] as [number, string, string, RequestOptions][])(
    'may read the %i of %s %s, and its headers, without credentials',
    async (status, method, path, options) => {
      const answer = await send(method, path, options);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
      const exposed = answer.headers.get('access-control-expose-headers')!.toLowerCase().split(', ');
      for (const name of ['x-request-id', 'ratelimit', 'retry-after', 'etag', 'idempotency-replayed', 'link'])
        expect(exposed).toContain(name);
    },
  );

  it.each(['/openapi.json', '/openapi.yaml', '/docs/swagger-ui-init.js'])(
    'gets %s packed, and only once while it is the same',
    async (path) => {
      const first = await send('GET', path);
      expect([first.status, first.headers.get('content-encoding')]).toEqual([200, 'gzip']);
      expect(first.text).toContain(`curl -s ${app.baseUrl}/v1/agents/register`);
      const headers = { 'if-none-match': first.headers.get('etag')! };
      const again = await send('GET', path, { headers });
      expect([again.status, again.text, again.headers.get('access-control-allow-origin')]).toEqual([
        304,
        '',
        '*',
      ]);
    },
  );

  it('may read what has not changed', async () => {
    const { headers } = await send('GET', '/v1/agents/me', { key: agent.key });
    const same = await send('GET', '/v1/agents/me', {
      key: agent.key,
      headers: { 'if-none-match': headers.get('etag')! },
    });
    expect([same.status, same.headers.get('access-control-allow-origin')]).toEqual([304, '*']);
  });

  it('is told before it asks that it may send a key, and what; which counts on no limit', async () => {
    const { remaining } = await standing();
    for (const path of ['/v1/agents/register', '/v1/nothing', '/a2a', '/mcp', '/public/stats']) {
      const answer = await preflight(path);
      expect([answer.status, answer.text]).toEqual([204, '']);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(answer.headers.get('access-control-allow-methods')).toMatch(/\bPOST\b.*\bPATCH\b.*\bDELETE\b/);
      expect(answer.headers.get('access-control-allow-headers')).toMatch(/^Authorization, .*Idempotency-Key/);
      expect(answer.headers.get('access-control-max-age')).toBe('86400');
      expect(answer.headers.get('ratelimit')).toBeNull();
    }
    expect((await standing()).remaining).toBe(remaining - 1);
  });

  it('is told so too when its address may ask nothing more', async () => {
    await Promise.all(Array.from({ length: 121 }, () => send('GET', '/v1/agents?limit=1')));
    const refused = await send('GET', '/v1/agents?limit=1');
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([429, '*']);
    expect((await preflight('/v1/agents')).status).toBe(204);
  });

  it.each(['/v1/admin/audit', '/V1/ADMIN/audit', '/admin/docs', '/admin/openapi.json', '/admin', '/metrics'])(
    'learns nothing of %s, key or not',
    async (path) => {
      for (const answer of [await preflight(path, 'GET'), await send('GET', path, { key: OPERATOR_KEY })]) {
        expect(answer.status).not.toBe(204);
        const open = [...answer.headers.keys()].filter((name) => name.startsWith('access-control-'));
        expect(open).toEqual([]);
      }
    },
  );

  async function standing(): Promise<{ remaining: number }> {
    const { headers } = await send('GET', '/v1/agents?limit=1');
    return { remaining: Number(headers.get('x-ratelimit-remaining')) };
  }
});
