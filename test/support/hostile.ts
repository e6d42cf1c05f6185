import { AUTHORIZATIONS, FIELDS, HEADERS, LINES, TEXTS, TYPES, VALUES } from './hostile-values.js';

/** An operation of the reference, as far as it can be attacked. */
export interface Operation {
  method: string;
  path: string;
  query: readonly string[];
  /** A body that is right. */
  example: Readonly<Record<string, unknown>> | undefined;
}

/** What goes over the wire, with `{key}` where the key of the moment belongs. */
export interface HostileRequest {
  /** What is wrong with it, for a person who replays it. */
  what: string;
  method: string;
  path: string;
  bytes: Buffer;
  /** It breaks off: no more will come, and an answer is a courtesy. */
  breaksOff: boolean;
}

/** The same seed gives the same attack. */
export function* hostileRequests(operations: readonly Operation[], seed: number): Generator<HostileRequest> {
  const chance = new Chance(seed);
  for (;;) {
    const attack = chance.of(ATTACKS);
    yield attack(chance, chance.of(operations));
  }
}

/** Mulberry32: small, and good enough to vary tests. */
export class Chance {
  constructor(private state: number) {}

  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit;
  }

  of<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.below(choices.length))]!;
  }
}

interface Parts {
  method: string;
  target: string;
  headers: Record<string, string>;
  body?: Buffer | string;
  version?: string;
  breaksOff?: boolean;
}

type Attack = (chance: Chance, operation: Operation) => HostileRequest;

const ATTACKS: readonly Attack[] = [
  field,
  field,
  field,
  field,
  wholeBody,
  wholeBody,
  unknownField,
  parameter,
  parameter,
  parameter,
  authorization,
  contentType,
  unknownRoute,
  otherMethod,
  brokenLine,
  truncated,
  chunked,
  headers,
  form,
  idempotencyKey,
  huge,
  deep,
];

/** Everything right but one field. */
function field(chance: Chance, operation: Operation): HostileRequest {
  const names = Object.keys(operation.example ?? { reason: '' });
  const name = chance.of(names);
  const value = chance.of(VALUES);
  return right(chance, operation, `${name} = ${value.slice(0, 60)}`, {
    body: jsonWith(operation, name, value),
  });
}

function unknownField(chance: Chance, operation: Operation): HostileRequest {
  const name = chance.of(FIELDS);
  return right(chance, operation, `a field named ${name.slice(0, 30)}`, {
    body: jsonWith(operation, name, chance.of(VALUES)),
  });
}

function wholeBody(chance: Chance, operation: Operation): HostileRequest {
  const body = chance.of([
    ...VALUES,
    '',
    '{',
    '{"a":',
    '[1,',
    '\ufeff{}',
    '{"a":1}{"b":2}',
    "{'a':1}",
    '\x00',
    '{"a":NaN}',
  ]);
  return right(chance, operation, `the body ${body.slice(0, 60)}`, { body });
}

function huge(chance: Chance, operation: Operation): HostileRequest {
  return right(chance, operation, '10 MB', { body: `{"name":"${'x'.repeat(10_000_000)}"}` });
}

function deep(chance: Chance, operation: Operation): HostileRequest {
  const [open, close] = chance.of([
    ['[', ']'],
    ['{"a":', '}'],
  ] as const);
  const depth = 100_000;
  const value = `${open.repeat(depth)}1${close.repeat(depth)}`;
  const body = chance.of([value, jsonWith(operation, 'name', value)]);
  return right(chance, operation, `${depth} levels of ${open}`, { body });
}

function parameter(chance: Chance, operation: Operation): HostileRequest {
  const text = chance.of(TEXTS);
  const names = [...operation.query, 'colour', '__proto__', 'limit[$gt]'];
  const name = chance.of(names);
  const query = chance.of([
    `${name}=${text}`,
    `${name}=${text}&${name}=${text}`,
    `${name}[]=${text}`,
    `${name}[a][b]=${text}`,
  ]);
  const target = operation.path.includes('{')
    ? chance.of([operation.path.replace(/\{.*\}/, text), `${filled(operation.path)}?${query}`])
    : `${operation.path}?${query}`;
  return right(chance, operation, `the target ${target.slice(0, 80)}`, { target });
}

function authorization(chance: Chance, operation: Operation): HostileRequest {
  const value = chance.of(AUTHORIZATIONS);
  return right(chance, operation, `Authorization: ${value.slice(0, 40)}`, {
    headers: { Authorization: value },
  });
}

function contentType(chance: Chance, operation: Operation): HostileRequest {
  const value = chance.of(TYPES);
  const body = JSON.stringify(operation.example ?? { a: 1 });
  return right(chance, { ...operation, method: 'POST' }, `Content-Type: ${value}`, {
    headers: { 'Content-Type': value },
    body,
  });
}

function unknownRoute(chance: Chance, operation: Operation): HostileRequest {
  const target = chance.of([
    `${operation.path}/nothing`,
    '/v1',
    '/v1/',
    '/nothing',
    '/.env',
    '/v2/agents',
    '/v1/agents/me/me',
    '/%2e%2e/%2e%2e',
    '/docs/../../package.json',
    '/docs/%2e%2e/package.json',
    '/problems/%00',
    '/problems/nothing',
    `/${'x'.repeat(6_000)}`,
    '/v1/admin',
    '/health/nothing',
    ...TEXTS.map((text) => `/v1/agents/${text}`),
  ]);
  return right(chance, operation, `the route ${target.slice(0, 60)}`, { target });
}

function otherMethod(chance: Chance, operation: Operation): HostileRequest {
  const method = chance.of([
    'PUT',
    'DELETE',
    'OPTIONS',
    'TRACE',
    'PROPFIND',
    'HEAD',
    'PURGE',
    'M-SEARCH',
    'LOCK',
  ]);
  return right(chance, { ...operation, method }, `the method ${method}`, {});
}

function brokenLine(chance: Chance): HostileRequest {
  const line = chance.of(LINES);
  return {
    what: `the bytes ${JSON.stringify(line.slice(0, 80))}`,
    method: 'RAW',
    path: '',
    bytes: Buffer.from(line, 'latin1'),
    breaksOff: true,
  };
}

/** Says how long it is, and ends before. */
function truncated(chance: Chance, operation: Operation): HostileRequest {
  return right(chance, { ...operation, method: 'POST' }, 'a body that ends too early', {
    headers: { 'Content-Length': '500' },
    body: '{"name":"',
    breaksOff: true,
  });
}

function chunked(chance: Chance, operation: Operation): HostileRequest {
  const text = JSON.stringify(operation.example ?? {});
  const pieces = [...text.matchAll(/.{1,7}/gs)].map(
    ([piece]) => `${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`,
  );
  const ends = ['0\r\n\r\n', '', '0\r\nTrailer: x\r\n\r\n', 'ffffffffffffffffff\r\n'];
  const body = `${pieces.join('').replace('agt', '\x00')}${chance.of(ends)}`;
  // A body that is right would do what it says, so it is spoilt in any case.
  const spoilt = body.replace('{', '[');
  return right(chance, { ...operation, method: 'POST' }, 'a chunked body', {
    headers: { 'Transfer-Encoding': 'chunked' },
    body: spoilt,
    breaksOff: true,
  });
}

function headers(chance: Chance, operation: Operation): HostileRequest {
  const [name, value] = chance.of(HEADERS);
  return right(chance, operation, `${name}: ${value.slice(0, 40)}`, { headers: { [name]: value } });
}

/** HTTP/1.0, and targets that only a proxy should get. */
function form(chance: Chance, operation: Operation): HostileRequest {
  const target = chance.of([
    `http://example.com${filled(operation.path)}`,
    filled(operation.path),
    'http://[::1',
    `//evil.example${operation.path}`,
    'ftp://x/',
  ]);
  const version = chance.of(['1.0', '1.1']);
  return right(chance, operation, `HTTP/${version} ${target}`, { target, version });
}

function idempotencyKey(chance: Chance, operation: Operation): HostileRequest {
  const value = chance.of(['', 'x'.repeat(256), '\xe9', 'a\tb', '"', '\x7f', ' ']);
  return right(
    chance,
    { ...operation, method: 'POST' },
    `Idempotency-Key: ${JSON.stringify(value.slice(0, 20))}`,
    {
      headers: { 'Idempotency-Key': value },
      body: jsonWith(operation, 'name', chance.of(VALUES)),
    },
  );
}

/** A request to this operation that is right, but for what is given. */
function right(chance: Chance, operation: Operation, what: string, wrong: Partial<Parts>): HostileRequest {
  const hasBody = ['POST', 'PUT', 'PATCH'].includes(operation.method);
  const body =
    hasBody || wrong.headers?.['Transfer-Encoding']
      ? (wrong.body ?? JSON.stringify(operation.example ?? {}))
      : wrong.body;
  const authorized = chance.below(4) >= 1;
  const given: Record<string, string> = {
    Host: 'localhost',
    Connection: 'close',
    ...(authorized && { Authorization: 'Bearer {key}' }),
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
    ...(body !== undefined &&
      !wrong.headers?.['Transfer-Encoding'] && { 'Content-Length': String(Buffer.byteLength(body)) }),
    ...wrong.headers,
  };
  const target = wrong.target ?? filled(operation.path);
  const lines = Object.entries(given).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${operation.method} ${target} HTTP/${wrong.version ?? '1.1'}\r\n${lines.join('')}\r\n`;
  const bytes = Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body ?? '')]);
  return {
    what: `${operation.method} ${operation.path} with ${what}`,
    method: operation.method,
    path: target,
    bytes,
    breaksOff: wrong.breaksOff ?? false,
  };
}

const filled = (path: string): string => path.replace(/\{.*?\}/g, 'agt_00000000');

function jsonWith({ example }: Operation, name: string, value: string): string {
  const others = Object.entries(example ?? {}).filter(([other]) => other !== name);
  return `{${[...others.map(([other, kept]) => `${JSON.stringify(other)}:${JSON.stringify(kept)}`), `"${name}":${value}`].join(',')}}`;
}
