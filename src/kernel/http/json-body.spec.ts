import express, { type NextFunction, type Request, type Response } from 'express';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runInRequest, currentRequestId } from '../observe/request-context.js';
import { readBody } from './json-body.js';

interface Told {
  body?: unknown;
  refused?: true;
}

describe('A body that is read by ourselves', () => {
  let server: Server;
  let base: string;
  beforeAll(async () => {
    const app = express();
    app.use('/ours', (request: Request, response: Response, next: NextFunction) =>
      runInRequest({ requestId: 'req_1' }, () => readBody(request, response, next)),
    );
    app.use('/express', express.json({ limit: '2mb' }));
    app.post('/{*path}', (request: Request, response: Response) => {
      response.set('x-context', currentRequestId() ?? 'none').json({ body: request.body as unknown });
    });
    app.use((_error: unknown, _request: Request, response: Response, _next: NextFunction) => {
      response.status(400).json({ refused: true });
    });
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  const send = (
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    type: string,
  ): Promise<globalThis.Response> =>
    fetch(`${base}${path}`, { method: 'POST', body, headers: { 'content-type': type } });

  it.each<[string, string | Uint8Array<ArrayBuffer>]>([
    ['an object', '{"a":1,"b":["ä","🤖",null]}'],
    ['a list', '[1,2,3]'],
    ['white space around it', ' \n{"a":1}\r\n '],
    ['a byte order mark', '\uFEFF{"a":1}'],
    ['a text', '"a"'],
    ['a number', '1'],
    ['null', 'null'],
    ['nothing but white space', '   '],
    ['half an object', '{"a":'],
    ['two objects', '{}{}'],
    ['no UTF-8', new Uint8Array([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d])],
    ['more than one piece', JSON.stringify({ text: 'x'.repeat(60_000) })],
    ['more than is read by ourselves', JSON.stringify({ text: 'x'.repeat(100_000) })],
  ])('is what Express makes of %s', async (_, body) => {
    for (const type of ['application/json', 'application/json; charset=utf-8']) {
      const [ours, theirs] = await Promise.all([send('/ours', body, type), send('/express', body, type)]);
      expect(ours.status).toBe(theirs.status);
      expect((await ours.json()) as Told).toEqual((await theirs.json()) as Told);
    }
  });

  it('is handed on in the context of its request', async () => {
    const answer = await send('/ours', '{"a":1}', 'application/json');
    expect(answer.headers.get('x-context')).toBe('req_1');
  });

  it('is refused when it nests deeper than anything needs', async () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    expect((await send('/ours', nested(500), 'application/json')).status).toBe(200);
    expect((await send('/ours', nested(501), 'application/json')).status).toBe(400);
  });
});
