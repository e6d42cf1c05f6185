import express, { type NextFunction, type Request, type Response } from 'express';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { DomainError } from '#kernel/errors/domain-error';
import { problemOf } from '../problems/problem.js';
import { currentRequestId, runInRequest } from '../request-context.js';
import { readBody, readLongBody } from './json-body.js';
import { OpenBodies } from './open-bodies.js';

type Bytes = string | Uint8Array<ArrayBuffer>;
const LONG_MAX = 200_000;
const text = (length: number): string => JSON.stringify('x'.repeat(length - 2));
const bytes = (buffer: Buffer): Uint8Array<ArrayBuffer> => new Uint8Array(buffer);

/** Reads a body as the middleware does, and the rest of it as an interceptor would after the guards. */
describe('A body', () => {
  let server: Server;
  let base: string;
  beforeAll(async () => {
    const app = express();
    const open = new OpenBodies(1);
    app.use((request: Request, response: Response, next: NextFunction) =>
      runInRequest({ requestId: 'req_1' }, () => readBody(request, response, next, open)),
    );
    app.post('/{*path}', (request: Request, response: Response, next: NextFunction) => {
      const before = request.body as unknown;
      readLongBody(request, LONG_MAX)
        .then(() => {
          response.set('x-context', currentRequestId() ?? 'none');
          response.json({ body: request.body as unknown, early: before !== undefined });
        })
        .catch(next);
    });
    app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
      if (!(error instanceof DomainError)) throw error;
      const problem = problemOf(error, { instance: '/', requestId: 'req_1' });
      response.status(problem.status).json(problem);
    });
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  interface Told {
    status: number;
    body?: unknown;
    early?: boolean;
    error?: string;
    limit_bytes?: number;
    errors?: { pointer: string; rule: string }[];
  }

  const send = async (body: Bytes, headers: Record<string, string> = {}, chunked = false): Promise<Told> => {
    const response = await fetch(base, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      ...(chunked
        ? { body: new Blob([body]).stream(), duplex: 'half' as const }
        : { body: body as Uint8Array<ArrayBuffer> }),
    });
    return { ...((await response.json()) as Told), status: response.status };
  };
  const WAYS = [
    ['with its length', false],
    ['in chunks', true],
  ] as const;

  describe.each(WAYS)('sent %s', (_, chunked) => {
    it.each<[string, Bytes, unknown]>([
      ['an object', '{"a":1,"b":["ä","🤖",null]}', { a: 1, b: ['ä', '🤖', null] }],
      ['a list', '[1,2,3]', [1, 2, 3]],
      ['white space around it', ' \n{"a":1}\r\n ', { a: 1 }],
      ['a byte order mark', '\uFEFF{"a":1}', { a: 1 }],
      ['a text', '"a"', 'a'],
      ['a number', '1', 1],
      ['null', 'null', null],
    ])('is %s', async (_what, body, value) => {
      const { body: read, ...told } = await send(body, {}, chunked);
      expect({ ...told, read }).toEqual({ status: 200, early: true, read: value });
    });

    it.each<[string, Bytes]>([
      ['nothing but white space', '   '],
      ['half an object', '{"a":'],
      ['two objects', '{}{}'],
      ['half a long text', text(100_000).slice(0, -1)],
    ])('is malformed when it is %s', async (_what, body) => {
      expect(await send(body, {}, chunked)).toMatchObject({ status: 400, error: 'malformed_json' });
    });

    it('of 64 KiB is read at once, of more when it is asked for, and of too much not at all', async () => {
      expect(await send(text(65_536), {}, chunked)).toMatchObject({ status: 200, early: true });
      const longer = await send(text(65_537), {}, chunked);
      expect(longer).toMatchObject({ status: 200, early: false });
      expect(longer.body).toHaveLength(65_535);
      expect(await send(text(LONG_MAX), {}, chunked)).toMatchObject({ status: 200 });
      expect(await send(text(LONG_MAX + 1), {}, chunked)).toMatchObject({
        status: 413,
        error: 'body_too_large',
        limit_bytes: LONG_MAX,
      });
    });

    it.each<[string, Bytes]>([
      ['a byte that is none', new Uint8Array([0x22, 0xff, 0x22])],
      ['UTF-16, little end first', bytes(Buffer.from('{"a":1}', 'utf16le'))],
      ['UTF-16 with its mark', bytes(Buffer.from('\uFEFF{"a":1}', 'utf16le'))],
      ['UTF-16, big end first', bytes(Buffer.from('{"a":1}', 'utf16le').swap16())],
      ['deep UTF-16', bytes(Buffer.from('['.repeat(100_000), 'utf16le'))],
    ])('is refused when it is no UTF-8: %s', async (_what, body) => {
      expect(await send(body, {}, chunked)).toMatchObject({ status: 415, error: 'unsupported_media_type' });
    });

    it.each(['utf-16', 'utf-16le', 'iso-8859-1', 'nonsense'])('is refused as %s', async (charset) => {
      const type = { 'content-type': `application/json; charset=${charset}` };
      for (const body of ['{}', text(100_000)]) expect((await send(body, type, chunked)).status).toBe(415);
    });

    it.each(['utf-8', 'UTF-8', '"utf-8"', 'utf8'])('is taken as %s', async (charset) => {
      const type = { 'content-type': `application/json;charset=${charset}` };
      expect((await send('{}', type, chunked)).status).toBe(200);
    });

    it('is refused when it nests too deep or holds too many values, however long it is', async () => {
      const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
      expect((await send(nested(100), {}, chunked)).status).toBe(200);
      for (const levels of [101, 50_000])
        expect(await send(nested(levels), {}, chunked)).toMatchObject({
          status: 422,
          errors: [{ pointer: '', rule: 'depth' }],
        });
      for (const values of [2_001, 50_000])
        expect(await send(`[${'1,'.repeat(values - 1)}1]`, {}, chunked)).toMatchObject({
          status: 422,
          errors: [{ pointer: '', rule: 'values' }],
        });
    });

    it.each([
      ['gzip', gzipSync],
      ['x-gzip', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
    ] as const)('compressed by %s is bounded by what it inflates to', async (encoding, compress) => {
      const packed = (length: number): Promise<Told> =>
        send(bytes(compress(text(length))), { 'content-encoding': encoding }, chunked);
      expect(await packed(1_000)).toMatchObject({ status: 200, early: true });
      expect(await packed(100_000)).toMatchObject({ status: 200, early: false });
      expect(await packed(LONG_MAX + 1)).toMatchObject({ status: 413, error: 'body_too_large' });
      expect(await packed(1_000_000)).toMatchObject({ status: 413, error: 'body_too_large' });
      expect(await send('{}', { 'content-encoding': encoding }, chunked)).toMatchObject({ status: 400 });
    });

    it.each(['compress', 'gzip, br', 'zstd', '__proto__', 'toString'])(
      'is refused with the encoding %s',
      async (encoding) => {
        const told = await send('{}', { 'content-encoding': encoding }, chunked);
        expect(told).toMatchObject({ status: 415, error: 'unsupported_media_type' });
      },
    );
  });

  it('is absent when no byte of it comes', async () => {
    expect(await send('', {}, true)).toEqual({ status: 200, early: false });
  });

  it('is handed on in the context of its request, the rest of it too', async () => {
    for (const body of ['{"a":1}', text(100_000), gzipSync('1')]) {
      const response = await fetch(base, {
        method: 'POST',
        body: body as Uint8Array<ArrayBuffer>,
        headers: {
          'content-type': 'application/json',
          ...(typeof body !== 'string' && { 'content-encoding': 'gzip' }),
        },
      });
      expect(response.headers.get('x-context')).toBe('req_1');
    }
  });

  it('is refused when it comes byte by byte, since every piece costs the same', async () => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const head =
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    socket.write(head + '1\r\n \r\n'.repeat(10_000));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.toString()).toContain('larger chunks');
  });
});

describe('Open bodies', () => {
  const MIB = 1024 * 1024;

  it('of one address are bounded by what they may come to', () => {
    const open = new OpenBodies(1);
    const large = Array.from({ length: 8 }, () => open.open('10.0.0.1', 2 * MIB));
    expect(large.every(Boolean)).toBe(true);
    expect(open.open('10.0.0.1', 1)).toBeUndefined();
    expect(open.open('10.0.0.2', 1)).toBeDefined();
    large[0]!();
    large[0]!();
    expect(open.open('10.0.0.1', 2 * MIB)).toBeDefined();
    expect(open.open('10.0.0.1', 1)).toBeUndefined();
  });

  it('count by the number, too: each is taken for 64 KiB at least', () => {
    const open = new OpenBodies(1);
    const small = Array.from({ length: 257 }, () => open.open('2001:db8::1', 10));
    expect(small.filter(Boolean)).toHaveLength(256);
    expect(open.open('2001:db8::ffff', 10)).toBeUndefined();
  });

  it('are not counted where limits are off', () => {
    const open = new OpenBodies(0);
    expect(Array.from({ length: 1_000 }, () => open.open('a', MIB)).every(Boolean)).toBe(true);
  });
});
