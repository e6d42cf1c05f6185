import { maskText, REDACTED, toLoggable } from './loggable.js';

const HEX = 'ab12'.repeat(16);
const API_KEY = `axe_agt_1a2b3c4d_${HEX}`;

describe('maskText', () => {
  it.each([
    ['an API key', `key ${API_KEY} refused`, `key ${REDACTED} refused`],
    ['the system key', `axe_agt_system_${HEX}`, REDACTED],
    ['an API key cut short', `axe_agt_1a2b3c4d_${HEX.slice(0, 20)}…`, `${REDACTED}…`],
    ['an operator key', 'opk_1a2b3c4d_Zz09Zz09Zz09Zz09 used', `${REDACTED} used`],
    ['a webhook secret', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw==', REDACTED],
    ['a bearer token', 'sent Bearer abc.def-ghi, ok', `sent ${REDACTED}, ok`],
    ['a basic login', 'Authorization: Basic dXNlcjpwYXNz', `Authorization: ${REDACTED}`],
    ['a database URL', 'connect postgres://app:p%40ss@db:5432/x failed', `connect ${REDACTED} failed`],
    ['a password with @ and /', 'postgres://app:p@s/s@db/x', REDACTED],
    ['a password without a user', 'redis://:hunter2@cache:6379', REDACTED],
    ['a query parameter', '/x?api_key=abc&page=2', `/x?api_key=${REDACTED}&page=2`],
    ['a connection string', 'host=db password=hunter2 user=app', `host=db password=${REDACTED} user=app`],
    ['JSON in a text', '{"webhook_secret": "s3cret", "a": 1}', `{"webhook_secret": "${REDACTED}", "a": 1}`],
    ['a header line', 'Idempotency-Key: order-1', `Idempotency-Key: ${REDACTED}`],
  ])('masks %s', (_, text, masked) => expect(maskText(text)).toBe(masked));

  it.each([
    'bid bid_1a2b3c4d accepted by agt_1a2b3c4d',
    'operator opk_1a2b3c4d suspended agt_1a2b3c4d',
    'http://localhost:3000/v1/tasks',
    'http://localhost:3000/@someone',
    'https://example.com/a?b=c mail@example.com',
    'task_escrow:tsk_1:v3',
    'Unexpected token } in JSON',
  ])('leaves %s', (text) => expect(maskText(text)).toBe(text));

  it('cuts texts that are too long for a line, after masking', () => {
    const cut = maskText(`${'x'.repeat(15_990)}${API_KEY}${'y'.repeat(5_000)}`);
    expect(cut).toHaveLength(16_000 + '… (20998 characters)'.length);
    expect(cut).not.toContain('axe_');
  });
});

describe('toLoggable', () => {
  it.each([
    'authorization',
    'Authorization',
    'api_key',
    'apiKey',
    'x-api-key',
    'webhook_secret',
    'client-secret',
    'password',
    'db_passwd',
    'API_KEY_PEPPER',
    'token',
    'accessToken',
    'Idempotency-Key',
    'idempotencyKey',
    'set-cookie',
    'ENCRYPTION_KEY',
    'privateKey',
  ])('masks what is called %s at any depth', (name) => {
    expect(toLoggable({ list: [{ [name]: 'hunter2' }], [name]: 12 })).toEqual({
      list: [{ [name]: REDACTED }],
      [name]: REDACTED,
    });
  });

  it('tells whether a secret is set, and keeps what only sounds like one', () => {
    const kept = { webhook_secret: null, has_token: true, natural_key: 'task_escrow:tsk_1', author: 'agt_1' };
    expect(toLoggable(kept)).toEqual(kept);
  });

  it('masks secrets in values, in names, in maps and in URLs', () => {
    const url = new URL('https://u:hunter2@example.com/');
    const written = JSON.stringify(
      toLoggable({ a: [API_KEY], [API_KEY]: 1, m: new Map([['token', 'hunter2']]), url }),
    );
    expect(written).not.toMatch(/hunter2|axe_/);
  });

  it('writes errors with stack and cause, without what drivers hang on them', () => {
    const error = Object.assign(new Error(`no ${API_KEY}`, { cause: new TypeError('inner') }), {
      code: '23505',
      parameters: ['hunter2'],
    });
    expect(toLoggable({ error })).toEqual({
      error: {
        name: 'Error',
        message: `no ${REDACTED}`,
        code: '23505',
        stack: expect.stringContaining(`Error: no ${REDACTED}\n    at `),
        cause: expect.objectContaining({ name: 'TypeError', message: 'inner' }),
      },
    });
  });

  it('turns everything into JSON', () => {
    const circle: Record<string, unknown> = { n: 10n, at: new Date(0), when: new Date(NaN), f: Number.NaN };
    circle['self'] = circle;
    const hostile = {
      get bad() {
        throw new Error('no');
      },
      good: 1,
    };
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const shared = { x: 1 };
    expect(
      toLoggable([
        circle,
        hostile,
        proxy,
        Symbol('s'),
        Buffer.from('hunter2'),
        new Set([1]),
        [shared, shared],
        undefined,
      ]),
    ).toEqual([
      { n: '10', at: '1970-01-01T00:00:00.000Z', when: 'Invalid Date', f: 'NaN', self: '[circular]' },
      { bad: '[unreadable]', good: 1 },
      '[unreadable]',
      'Symbol(s)',
      '[7 bytes]',
      [1],
      [{ x: 1 }, { x: 1 }],
      null,
    ]);
  });

  it('bounds depth and breadth', () => {
    let deep: unknown = 'end';
    for (let i = 0; i < 5_000; i++) deep = { deep };
    const wide = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`k${i}`, i]));
    expect(JSON.stringify(toLoggable(deep))).toContain('[too deep]');
    expect(toLoggable(wide)).toMatchObject({ k99: 99, '…': '1000 in all' });
    expect(toLoggable(Array.from({ length: 1_000 }, () => 1))).toHaveLength(101);
  });

  it('keeps a member called __proto__ from becoming one', () => {
    const written = toLoggable(JSON.parse('{"__proto__": {"x": 1}}'));
    expect(JSON.stringify(written)).toBe('{"__proto__":{"x":1}}');
  });
});
