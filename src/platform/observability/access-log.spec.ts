import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { Router } from 'express';
import { currentRequestId } from '#platform/http';
import { accessLog } from './access-log.middleware.js';
import { HttpMetrics } from './metrics/http-metrics.js';
import { Metrics } from './metrics/metrics.js';
import { StructuredLogger } from './structured-logger.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

let server: Server;
let base: string;
let metrics: Metrics;
let logger: StructuredLogger;
let lines: Record<string, unknown>[];

beforeEach(async () => {
  lines = [];
  metrics = new Metrics();
  logger = new StructuredLogger({
    format: 'json',
    level: 'debug',
    write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  server = createServer(app()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

function app() {
  const tasks = Router();
  tasks.get('/:id', (_req, res) => void res.json({ request_id: currentRequestId() }));
  tasks.post('/:id/bids', async (req, res) => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    res.status(201).json({ request_id: currentRequestId(), on_request: req.requestId });
  });
  return express()
    .use(accessLog(new HttpMetrics(metrics), logger))
    .use(express.json())
    .use('/v1/tasks', tasks)
    .get('/broken', (_req, res) => void res.status(500).end())
    .get('/stream', (_req, res) => void res.type('text/event-stream').write('data: 1\n\n'))
    .get('/slow', () => undefined)
    .all('/{*rest}', (_req, res) => void res.status(404).end());
}

/** The line of a request is written when its connection is done with it, a moment after the caller has the answer. */
async function lineOf(path: string): Promise<Record<string, unknown>> {
  for (;;) {
    const line = lines.find((each) => each['path'] === path);
    if (line) return line;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const sample = async (start: string) =>
  (await metrics.text()).split('\n').filter((line) => line.startsWith(start));

describe('the request id', () => {
  it.each(['abc', 'req_1:2.3-4', 'a'.repeat(100)])('is the caller’s own when it is %s', async (id) => {
    const answer = await fetch(`${base}/v1/tasks/tsk_1`, { headers: { 'X-Request-Id': id } });
    expect(answer.headers.get('x-request-id')).toBe(id);
    expect(await answer.json()).toEqual({ request_id: id });
  });

  it.each(['', 'a b', 'a"b', 'a'.repeat(101), 'ä'])('is a fresh one when the caller sent %j', async (id) => {
    const answer = await fetch(`${base}/v1/tasks/tsk_1`, { headers: { 'X-Request-Id': id } });
    expect(answer.headers.get('x-request-id')).toMatch(/^req_[0-9a-z]{16}$/);
  });

  it('is known behind the body parser, also when the body arrives in pieces', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'x-request-id': 'mine', 'content-length': 13 };
      const sent = request(`${base}/v1/tasks/tsk_1/bids`, { method: 'POST', headers }, (res) => {
        res.setEncoding('utf8').once('data', resolve);
      }).on('error', reject);
      sent.write('{"price"');
      setTimeout(() => sent.end(': 10}'), 20);
    });
    expect(JSON.parse(answer)).toEqual({ request_id: 'mine', on_request: 'mine' });
  });

  it('is each request’s own when many run at once', async () => {
    const ids = Array.from({ length: 50 }, (_, i) => `mine-${i}`);
    const answers = await Promise.all(
      ids.map(async (id) => {
        const headers = { 'X-Request-Id': id, 'content-type': 'application/json' };
        return (await fetch(`${base}/v1/tasks/t/bids`, { method: 'POST', headers, body: '{}' })).json();
      }),
    );
    expect(answers).toEqual(ids.map((id) => ({ request_id: id, on_request: id })));
  });
});

describe('the line of a request', () => {
  it('is at debug for a read that went well, with the pattern of its route', async () => {
    await fetch(`${base}/v1/tasks/tsk_1?api_key=hunter2`, {
      headers: { 'X-Request-Id': 'mine', traceparent: `00-${TRACE}-00f067aa0ba902b7-01` },
    });
    expect(await lineOf('/v1/tasks/tsk_1')).toEqual({
      time: expect.any(String),
      level: 'debug',
      context: 'Http',
      msg: 'request',
      request_id: 'mine',
      trace_id: TRACE,
      method: 'GET',
      path: '/v1/tasks/tsk_1',
      route: '/v1/tasks/:id',
      status: 200,
      ms: expect.any(Number),
    });
  });

  it.each([
    ['POST', '/v1/tasks/tsk_1/bids', { level: 'log', route: '/v1/tasks/:id/bids', status: 201 }],
    ['GET', '/nowhere', { level: 'debug', route: 'unmatched', status: 404 }],
    ['GET', '/broken', { level: 'error', route: '/broken', status: 500 }],
  ])('of %s %s', async (method, path, expected) => {
    await fetch(base + path, { method });
    expect(await lineOf(path)).toMatchObject(expected);
  });

  it('is not written below the level', async () => {
    logger.setLogLevels(['log', 'warn', 'error', 'fatal']);
    await fetch(`${base}/v1/tasks/tsk_1`);
    await fetch(`${base}/v1/tasks/tsk_1/bids`, { method: 'POST' });
    await lineOf('/v1/tasks/tsk_1/bids');
    expect(lines).toHaveLength(1);
  });

  it('tells of a caller who left before the answer', async () => {
    const leaving = new AbortController();
    const answer = fetch(`${base}/slow`, { signal: leaving.signal }).catch(() => 'left');
    await once(server, 'request');
    leaving.abort();
    expect(await answer).toBe('left');
    expect(await lineOf('/slow')).toMatchObject({ status: 499, aborted: true, level: 'debug' });
  });
});

describe('the counts', () => {
  it('are kept by route pattern, never by path', async () => {
    for (const id of ['tsk_1', 'tsk_2']) await fetch(`${base}/v1/tasks/${id}`);
    for (const path of ['/nowhere', '/else']) await fetch(base + path);
    await Promise.all(['/v1/tasks/tsk_1', '/v1/tasks/tsk_2', '/nowhere', '/else'].map(lineOf));
    expect(await sample('http_requests_total{')).toEqual([
      'http_requests_total{method="GET",route="/v1/tasks/:id",status="200"} 2',
      'http_requests_total{method="GET",route="unmatched",status="404"} 2',
    ]);
    expect(await sample('http_request_duration_seconds_count')).toEqual([
      'http_request_duration_seconds_count{method="GET",route="/v1/tasks/:id"} 2',
      'http_request_duration_seconds_count{method="GET",route="unmatched"} 2',
    ]);
    expect(await sample('http_requests_open ')).toEqual(['http_requests_open 0']);
  });

  it('count a stream while it is open, and leave its length out of the durations', async () => {
    const leaving = new AbortController();
    await fetch(`${base}/stream`, { signal: leaving.signal });
    expect(await sample('http_requests_open ')).toEqual(['http_requests_open 1']);
    leaving.abort();
    expect(await lineOf('/stream')).toMatchObject({ status: 200, aborted: true });
    expect(await sample('http_requests_total{')).toEqual([
      'http_requests_total{method="GET",route="/stream",status="200"} 1',
    ]);
    expect(await sample('http_request_duration_seconds_count')).toEqual([]);
    expect(await sample('http_requests_open ')).toEqual(['http_requests_open 0']);
  });
});
