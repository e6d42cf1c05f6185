import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import { anApp, OPERATOR_KEY, type TestApp } from '../support/app.js';
import { sendRaw, type RawAnswer } from '../support/raw-http.js';
import { until } from '../support/until.js';

const SILENT_MS_MAX = 5_000;
const KIB = 1024;

/** Far more than any of them takes on a quiet machine; quadratic ones took seconds. */
const CPU_MS_MAX = 50;
/** On a slow machine: so many times what decoding and parsing the longest body costs by itself. */
const DEARER_THAN_READING_MAX = 6;
const TRIES = 8;

interface Sent {
  method?: string;
  path: string;
  body: string | Buffer;
  key?: string;
  headers?: Record<string, string>;
  chunked?: boolean;
}

describe('Bodies', () => {
  let app: TestApp;
  let agent: TestAgent;
  let port: number;
  beforeAll(async () => {
    app = await anApp();
    agent = await aVerifiedAgent(app);
    port = Number(new URL(app.baseUrl).port);
  });
  afterAll(() => app.close());

  async function send(sent: Sent): Promise<RawAnswer> {
    const answer = await sendRaw(port, { bytes: bytesOf(sent), breaksOff: false }, SILENT_MS_MAX);
    if (!answer) throw new Error('The server closed without a word.');
    return answer;
  }

  const refusal = async (sent: Sent): Promise<[number, string]> => {
    const { status, body, headers } = await send(sent);
    expect(headers.get('content-type')).toBe('application/problem+json');
    const problem = JSON.parse(body) as { error: string; instance: string; status: number };
    expect(problem).toMatchObject({ status, instance: sent.path });
    return [status, problem.error];
  };

  const REGISTER = '/v1/agents/register';
  const long = (text: string): string => `${text}${' '.repeat(100 * KIB)}`;

  describe.each([
    ['with a length', false],
    ['in chunks', true],
  ])('%s', (_, chunked) => {
    it.each<[string, number, string, Omit<Sent, 'path'>]>([
      ['half an object', 400, 'malformed_json', { body: '{"name":' }],
      ['two objects', 400, 'malformed_json', { body: '{}{}' }],
      ['white space', 400, 'malformed_json', { body: '  ' }],
      ['a text', 422, 'invalid_fields', { body: '"x"' }],
      ['a number', 422, 'invalid_fields', { body: '1' }],
      ['null', 422, 'invalid_fields', { body: 'null' }],
      ['a list', 422, 'invalid_fields', { body: '[]' }],
      ['no byte', 422, 'invalid_fields', { body: '' }],
      ['more than 64 KiB', 413, 'body_too_large', { body: long('{}') }],
      ['much more', 413, 'body_too_large', { body: '['.repeat(3_000 * KIB) }],
      ['101 levels', 422, 'invalid_fields', { body: '['.repeat(101) }],
      ['a foreign charset', 415, 'unsupported_media_type', as('application/json; charset=utf-16')],
      [
        'a long body in one',
        415,
        'unsupported_media_type',
        as('application/json; charset=latin1', long('{}')),
      ],
      ['no JSON', 415, 'unsupported_media_type', as('text/plain')],
      ['UTF-16', 415, 'unsupported_media_type', { body: Buffer.from('{"name":"a"}', 'utf16le') }],
      ['deep UTF-16', 415, 'unsupported_media_type', { body: Buffer.from('['.repeat(20_000), 'utf16le') }],
      ['an unknown encoding', 415, 'unsupported_media_type', encoded('compress', Buffer.from('{}'))],
      ['a bomb', 413, 'body_too_large', encoded('gzip', gzipSync(Buffer.alloc(10_000_000, ' ')))],
      ['no gzip', 400, 'malformed_request', encoded('gzip', Buffer.from('{}'))],
    ])('%s is %i %s', async (_what, status, error, sent) => {
      expect(await refusal({ path: REGISTER, chunked, ...sent })).toEqual([status, error]);
    });

    it('of up to 512 KiB are taken where texts are long, once the key is known to be good', async () => {
      const task = { path: '/v1/tasks', key: agent.key, chunked };
      expect(await refusal({ ...task, body: long('{"title":') })).toEqual([400, 'malformed_json']);
      expect(await refusal({ ...task, body: long('{}') })).toEqual([422, 'invalid_fields']);
      expect(await refusal({ ...task, body: `${'['.repeat(101)}${' '.repeat(100 * KIB)}` })).toEqual([
        422,
        'invalid_fields',
      ]);
      expect(await refusal({ ...task, body: Buffer.from(long('{}'), 'utf16le') })).toEqual([
        415,
        'unsupported_media_type',
      ]);
      expect(await refusal({ ...task, ...encoded('gzip', gzipSync(long('{}'))) })).toEqual([
        422,
        'invalid_fields',
      ]);
      expect(await refusal({ ...task, body: ' '.repeat(512 * KIB + 1) })).toEqual([413, 'body_too_large']);
      expect(await refusal({ ...task, key: undefined, body: long('{}') })).toEqual([401, 'unauthenticated']);
    });

    it('hold the longest texts that a task may have, every character of them escaped', async () => {
      const robot = String.raw`\ud83e\udd16`;
      const criteria = Array.from({ length: 20 }, () => `"${robot.repeat(500)}"`).join(',');
      const body =
        `{"category":"content","title":"${robot.repeat(200)}","description":"${robot.repeat(20_000)}",` +
        `"acceptance_criteria":[${criteria}],"price_points":10}`;
      const { status, body: text } = await send({ path: '/v1/tasks', key: agent.key, chunked, body });
      expect(status).toBe(201);
      expect((JSON.parse(text) as { description: string }).description).toBe('🤖'.repeat(20_000));
    });
  });

  it('say how large they may be', async () => {
    const { body } = await send({ path: REGISTER, body: long('{}') });
    expect(JSON.parse(body)).toMatchObject({
      limit_bytes: 65_536,
      detail: expect.stringContaining('65536') as string,
    });
  });

  it('may be absent where every member is optional', async () => {
    const post = async (path: string): Promise<string> => {
      const { status, body } = await app.api.post<{ error: string }>(path, undefined, { key: agent.key });
      return `${status} ${body.error}`;
    };
    // Each of these has found the body to be right, and then what it is about to be missing.
    expect(await post('/v1/tasks/tsk_00000000/bids/bid_00000000/reject')).toBe('404 task_not_found');
    expect(await post('/v1/tasks/tsk_00000000/progress')).toBe('404 task_not_found');
    expect(await post('/v1/tasks/tsk_00000000/repost')).toBe('404 task_not_found');
    expect(await post('/v1/agents/me/webhook-secret/rotate')).toBe('409 webhook_url_missing');
    expect(await post('/v1/agents/me/webhook/test')).toBe('409 webhook_url_missing');
    expect(await post('/v1/agents/me/webhooks/deliveries/replay')).toMatch(/^422 /);
    expect(await post('/v1/points/transfer')).toBe('422 invalid_fields');
  });

  it.each<[string, object, string[]]>([
    ['a missing handle', { name: 'a' }, ['/owner_twitter']],
    [
      'wrong types',
      { name: 1, owner_twitter: null, specializations: null, webhook_url: 7, nick: 'x' },
      ['/name', '/nick', '/owner_twitter', '/specializations', '/webhook_url'],
    ],
  ])('are told once for each field that is wrong: %s', async (_what, body, pointers) => {
    const answer = await app.api.post<{ errors: { pointer: string }[] }>(REGISTER, body);
    expect(answer.body.errors.map(({ pointer }) => pointer).toSorted()).toEqual(pointers);
  });

  it('are told of lists and scores in them once, too', async () => {
    const draft = { category: 'content', title: 'a', description: 'b', price_points: 10 };
    const told = async (path: string, body: object): Promise<unknown> =>
      (await app.api.post<{ errors: unknown }>(path, body, { key: agent.key })).body.errors;
    expect(await told('/v1/tasks', { ...draft, acceptance_criteria: null })).toEqual([
      {
        in: 'body',
        pointer: '/acceptance_criteria',
        rule: 'isArray',
        message: 'acceptance_criteria must be a list of 1 to 20 texts.',
      },
    ]);
    expect(await told('/v1/tasks', { ...draft, acceptance_criteria: [1] })).toMatchObject([
      { rule: 'isString' },
    ]);
    const vote = '/v1/validations/sub_00000000/vote';
    expect(await told(vote, { approved: true, scores: 'x' })).toMatchObject([
      { pointer: '/scores', rule: 'isObject' },
    ]);
    expect(await told(vote, { approved: true, scores: { quality: 'x', completeness: 1 } })).toMatchObject([
      { pointer: '/scores/quality' },
      { pointer: '/scores/criteria_met' },
    ]);
  });

  it.each([
    [
      '431',
      'request_headers_too_large',
      `GET /v1/agents?q=a HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    ],
    [
      '417',
      'expectation_failed',
      'GET /v1/agents HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: x\r\n\r\n',
    ],
  ])('of refusals before there is a request name it: %s', async (status, error, bytes) => {
    const answer = await sendRaw(port, { bytes: Buffer.from(bytes), breaksOff: false }, SILENT_MS_MAX);
    expect(JSON.parse(answer!.body)).toMatchObject({
      status: Number(status),
      error,
      type: `/problems/${error.replaceAll('_', '-')}`,
      instance: '/v1/agents',
    });
  });

  it('have to arrive in time, over connections that outlive those of load balancers', () => {
    const server = app.nest.getHttpServer();
    expect(server.keepAliveTimeout).toBe(75_000);
    expect(server.headersTimeout).toBeGreaterThan(server.keepAliveTimeout);
    expect(server.requestTimeout).toBeGreaterThan(server.headersTimeout);
    expect(server.requestTimeout).toBeLessThanOrEqual(120_000);
  });

  describe('that are never finished', () => {
    let limited: TestApp;
    const sockets: Socket[] = [];
    beforeAll(async () => {
      limited = await anApp({ RATE_LIMIT_FACTOR: 1 }, app.database);
    });
    afterAll(async () => {
      for (const socket of sockets) socket.destroy();
      await limited.close();
    });

    /** Begins a body and waits for whatever is answered before it ends. */
    function begin(
      headers: string,
      sent: Buffer,
      path = REGISTER,
    ): { answer: Promise<string>; socket: Socket } {
      const socket = connect(Number(new URL(limited.baseUrl).port), '127.0.0.1');
      sockets.push(socket);
      const answer = new Promise<string>((resolve) =>
        socket.once('data', (data) => resolve(data.toString())),
      );
      socket.on('error', () => {});
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${headers}\r\n\r\n`,
      );
      socket.write(sent);
      return { answer, socket };
    }

    it('are not waited for where they are too long, or nobody knows the sender', async () => {
      const piece = Buffer.alloc(70 * KIB, ' ');
      const chunk = Buffer.concat([
        Buffer.from(`${piece.length.toString(16)}\r\n`),
        piece,
        Buffer.from('\r\n'),
      ]);
      expect(await begin('Content-Length: 2000000', piece).answer).toMatch(/^HTTP\/1.1 413 /);
      expect(await begin('Transfer-Encoding: chunked', chunk).answer).toMatch(/^HTTP\/1.1 413 /);
      expect(await begin('Content-Length: 500000', piece, '/v1/tasks').answer).toMatch(/^HTTP\/1.1 401 /);
      expect(await begin('Transfer-Encoding: chunked', chunk, '/v1/tasks').answer).toMatch(/^HTTP\/1.1 401 /);
    });

    it('are 256 at the most from one address', async () => {
      const begun = Array.from({ length: 257 }, () => begin('Content-Length: 60000', Buffer.from('{')));
      const refused = await Promise.race(
        begun.map(({ answer, socket }) => answer.then((text) => ({ text, socket }))),
      );
      expect(refused.text).toMatch(/^HTTP\/1.1 429 /);
      expect(refused.text).toContain('too_many_open_bodies');
      expect(refused.text).toMatch(/retry-after: 1\r\n/i);
      // The refused one is not counted, and one that breaks off no longer is.
      begun.find(({ socket }) => socket !== refused.socket)!.socket.destroy();
      await until('there is room again', async () => (await limited.api.post(REGISTER, {})).status === 422);
    });
  });

  describe('of any shape, as large as they may be,', () => {
    let sender: ChildProcess;
    let cpuMsMax: number;
    beforeAll(() => {
      cpuMsMax = Math.max(CPU_MS_MAX, DEARER_THAN_READING_MAX * costOfReading());
      sender = fork('test/support/sender.mjs', { serialization: 'advanced' });
    });
    afterAll(() => sender.kill());

    /** Two megabytes of robots, the dearest text to decode. */
    function costOfReading(): number {
      const body = Buffer.from(JSON.stringify('🤖'.repeat(500 * KIB)));
      const costs = Array.from({ length: TRIES }, () => {
        const before = process.cpuUsage();
        JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1_000;
      });
      return Math.min(...costs);
    }

    /** What the server spends on a request, in ms, and the status line. The least of a few tries: other work only adds. */
    async function costOf(sent: Sent): Promise<{ ms: number; answer: string }> {
      sender.send({ bytes: bytesOf(sent) });
      await once(sender, 'message');
      let ms = Number.POSITIVE_INFINITY;
      let answer = '';
      for (let round = 0; round < TRIES && ms > cpuMsMax; round++) {
        const before = process.cpuUsage();
        sender.send({ port });
        [answer] = (await once(sender, 'message')) as [string];
        const { user, system } = process.cpuUsage(before);
        ms = Math.min(ms, (user + system) / 1_000);
      }
      return { ms, answer };
    }

    it('cost no more CPU than a short moment, whatever the operation', async () => {
      const dear: string[] = [];
      let sent = 0;
      for (const { method, path, limit, fields } of operations())
        for (const [shape, body] of hostileBodies(limit, fields)) {
          const key = path.includes('/admin/') ? OPERATOR_KEY : agent.key;
          const { ms, answer } = await costOf({ method, path, key, body });
          sent++;
          if (ms > cpuMsMax || !/^HTTP\/1\.1 [24]/.test(answer))
            dear.push(`${method} ${path} ${shape}: ${ms} ms, ${answer}`);
        }
      expect(dear).toEqual([]);
      expect(sent).toBeGreaterThan(600);
    }, 300_000);
  });
});

function as(type: string, body = '{}'): Omit<Sent, 'path'> {
  return { body, headers: { 'Content-Type': type } };
}

function encoded(encoding: string, body: Buffer): Omit<Sent, 'path'> {
  return { body, headers: { 'Content-Encoding': encoding } };
}

function bytesOf({ method = 'POST', path, body, key, headers, chunked }: Sent): Buffer {
  const bytes = Buffer.from(body as string);
  const given: Record<string, string> = {
    Host: 'localhost',
    Connection: 'close',
    'Content-Type': 'application/json',
    ...(key && { Authorization: `Bearer ${key}` }),
    ...(chunked ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': String(bytes.length) }),
    ...headers,
  };
  const lines = Object.entries(given).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  return Buffer.concat([head, chunked ? inChunks(bytes) : bytes]);
}

function inChunks(bytes: Buffer): Buffer {
  const size = 16 * KIB;
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'));
  }
  return Buffer.concat([...pieces, Buffer.from('0\r\n\r\n')]);
}

interface Attacked {
  method: string;
  path: string;
  limit: number;
  fields: readonly string[];
}

interface Reference {
  paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: Schema }> } }>>;
  components: { schemas: Record<string, Schema> };
}

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
}

/**
 * Every operation that takes a body, by the reference as it was built: it knows each field. Where several take the same
 * schema, its fields are attacked once.
 */
function operations(): Attacked[] {
  const met = new Set<string>();
  const references = ['openapi.json', 'openapi.admin.json'].map(
    (file) => JSON.parse(readFileSync(file, 'utf8')) as Reference,
  );
  return references.flatMap(({ paths, components }) =>
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { requestBody }]) => {
        const schema = requestBody?.content['application/json']?.schema;
        if (!schema) return [];
        const { properties = {} } = schema.$ref
          ? components.schemas[schema.$ref.split('/').at(-1)!]!
          : schema;
        const limit = LIMITS.find(([route]) => route.test(`${method} ${path}`))?.[1] ?? 64 * KIB;
        const operation = {
          method: method.toUpperCase(),
          path: path.replace(/\{.*?\}/g, 'tsk_00000000'),
          limit,
          fields: met.has(schema.$ref ?? '') ? [] : Object.keys(properties),
        };
        met.add(schema.$ref ?? '');
        return [operation];
      }),
    ),
  );
}

const LIMITS: readonly [RegExp, number][] = [
  [/^post .*\/submit$/, 2 * KIB * KIB],
  [/^(post \/v1\/tasks|patch \/v1\/tasks\/.*|patch .*\/catalogue\/.*|post .*\/tweets)$/, 512 * KIB],
];

/** Texts on which a pattern may try again and again, and values that are walked. */
const TEXTS = ['T', ' ', 'a.', '🤖', String.raw`\u0041`, 'https://x/'];

function* hostileBodies(limit: number, fields: readonly string[]): Generator<[string, string]> {
  const room = limit - 100;
  const list = (value: string): string =>
    `[${Array.from({ length: Math.floor(room / (value.length + 1)) - 1 }, () => value).join(',')}]`;
  const distinct = (make: (nth: number) => string): string => {
    const parts: string[] = [];
    for (let length = 0, nth = 0; length < room - 30; nth++)
      length += parts.push(make(nth)) && parts.at(-1)!.length + 1;
    return parts.join(',');
  };
  yield ['unknown members', `{${distinct((nth) => `"m${nth}":1`)}}`];
  yield [
    'as many unknown members as are read',
    `{${Array.from({ length: 1_900 }, (_, nth) => `"m${nth}":1`).join(',')}}`,
  ];
  yield ['nested lists', '['.repeat(room)];
  yield ['nested objects', '{"a":'.repeat(Math.floor(room / 5))];
  yield ['one long name', `{"${'n'.repeat(room)}":1}`];
  yield ['a list of lists', list('[]')];
  yield ['a long number', `{"a":${'1'.repeat(room - 10)}}`];
  for (const field of fields) {
    // Long bodies go through the same rules; what differs for them is how the text itself is read.
    for (const text of limit > 64 * KIB ? ['T', '🤖'] : TEXTS) {
      const whole = text.repeat(Math.floor((room - field.length) / Buffer.byteLength(text)));
      yield [`${field} of ${text}`, `{"${field}":"${whole}"}`];
      if (text === 'T')
        yield [`${field} of many ${text}`, `{"${field}":${list(`"${text}"`).slice(0, room - field.length)}}`];
    }
    yield [`${field} of distinct texts`, `{"${field}":[${distinct((nth) => `"t${nth}"`)}]}`];
    yield [
      `${field} of the most texts`,
      `{"${field}":[${Array.from({ length: 1_990 }, (_, nth) => `"t${nth}"`).join(',')}]}`,
    ];
    yield [
      `${field} of the most objects`,
      `{"${field}":[${Array.from({ length: 190 }, () => '{"a":1}').join(',')}]}`,
    ];
    yield [
      `${field} of long texts`,
      `{"${field}":[${Array.from({ length: 20 }, () => `"${'T'.repeat(Math.floor(room / 20) - 10)}"`).join(',')}]}`,
    ];
    yield [`${field} of a long number`, `{"${field}":${'1'.repeat(room - field.length)}}`];
  }
}
