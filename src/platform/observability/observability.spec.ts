import type { AddressInfo } from 'node:net';
import { type ArgumentsHost, Catch, type ExceptionFilter, Global, Injectable, Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import type { Response } from 'express';
import { Settings } from '#config/settings';
import { DomainError } from '#kernel/errors/domain-error';
import { accessLog } from './access-log.middleware.js';
import { type Check, HealthCheck, type HealthPart, HealthRegistry } from './health/health.registry.js';
import { HttpMetrics } from './metrics/http-metrics.js';
import { MetricsReaders } from './metrics/metrics.controller.js';
import { Metrics } from './metrics/metrics.js';
import { PoolMetrics } from './metrics/pool-metrics.js';
import { ObserveModule } from './observability.module.js';
import { StructuredLogger } from './structured-logger.js';

const SECRET = 'postgres://app:hunter2@db.internal/x';

@HealthCheck('outbox')
@Injectable()
class OutboxHealth implements HealthPart {
  check() {
    return { backlog: 3, oldest_s: 0.5, note: SECRET } as unknown as { backlog: number };
  }
}

@Injectable()
class OneReader extends MetricsReaders {
  include = (authorization: string) => authorization === 'Bearer opk_good';
}

@Global()
@Module({
  providers: [
    OutboxHealth,
    { provide: MetricsReaders, useClass: OneReader },
    { provide: Settings, useValue: Settings.forReference() },
  ],
  exports: [MetricsReaders, Settings],
})
class Neighbours {}

/** Only what these tests need of the real filter: a kind becomes its status. */
@Catch(DomainError)
class ProblemFilter implements ExceptionFilter<DomainError> {
  catch(error: DomainError, host: ArgumentsHost) {
    const status = { unavailable: 503, forbidden: 403 }[error.type.kind as string] ?? 500;
    const res = host.switchToHttp().getResponse<Response>();
    res.status(status).json({ error: error.type.slug, detail: error.message, ...error.members });
  }
}

let app: NestExpressApplication;
let base: string;
let lines: string[];

beforeEach(async () => {
  lines = [];
  const module = await Test.createTestingModule({ imports: [ObserveModule, Neighbours] }).compile();
  const logger = new StructuredLogger({ format: 'json', level: 'debug', write: (line) => lines.push(line) });
  app = module.createNestApplication<NestExpressApplication>({ logger, forceCloseConnections: true });
  app.use(accessLog(app.get(HttpMetrics), logger));
  app.useGlobalFilters(new ProblemFilter());
  await app.listen(0, '127.0.0.1');
  base = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
});
afterEach(() => app.close());

async function get(path: string, headers: Record<string, string> = {}) {
  const answer = await fetch(base + path, { headers });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
}

async function report(path: string) {
  const { status, text } = await get(path);
  return { status, body: JSON.parse(text) as { parts: Record<string, unknown> } };
}

const register = (name: string, check: Check, options = {}) =>
  app.get(HealthRegistry).register(name, check, options);
const broken = () => {
  throw new Error(`cannot reach ${SECRET}`);
};
const never = () => new Promise<void>(() => {});

describe('health', () => {
  it('is live whatever is down', async () => {
    register('database', broken, { ready: true });
    expect(await get('/health/live')).toMatchObject({ status: 200, text: '{"status":"ok"}' });
  });

  it('is ready when the parts are up that requests need', async () => {
    register('database', () => undefined, { ready: true });
    register('redis', broken);
    expect(await report('/health/ready')).toEqual({
      status: 200,
      body: { status: 'ok', parts: { database: { status: 'ok', ms: expect.any(Number) } } },
    });
  });

  it('is not ready when one of them is down, and tells why to the log alone', async () => {
    register('database', broken, { ready: true });
    const { status, body } = await report('/health/ready');
    expect({ status, body }).toEqual({
      status: 503,
      body: {
        error: 'not-ready',
        detail: 'This process cannot take requests now.',
        parts: { database: { status: 'down', ms: expect.any(Number), reason: 'failed' } },
      },
    });
    const told = lines.filter((line) => line.includes('part is down'));
    expect(told).toEqual([expect.stringContaining('cannot reach [redacted]')]);
  });

  it('is not ready once shutdown has begun', async () => {
    app.get(HealthRegistry).onModuleDestroy();
    expect(await report('/health/ready')).toMatchObject({
      status: 503,
      body: { parts: { process: { status: 'down', reason: 'shutting_down' } } },
    });
    expect((await get('/health/live')).status).toBe(200);
  });

  it('reports each part, found by its decorator or registered, and no texts', async () => {
    register('due-work', async () => ({ late_s: 0 }));
    expect(await report('/health/deep')).toEqual({
      status: 200,
      body: {
        status: 'ok',
        parts: {
          outbox: { status: 'ok', ms: expect.any(Number), backlog: 3, oldest_s: 0.5 },
          'due-work': { status: 'ok', ms: expect.any(Number), late_s: 0 },
        },
      },
    });
  });

  it('is down as a whole when a part fails or hangs, and never says what was thrown', async () => {
    register('fails', broken);
    register('rejects', () => Promise.reject(new Error(SECRET)));
    register('hangs', never);
    const { status, body } = await report('/health/deep');
    expect(status).toBe(503);
    expect(body.parts).toMatchObject({
      outbox: { status: 'ok' },
      fails: { status: 'down', reason: 'failed' },
      rejects: { status: 'down', reason: 'failed' },
      hangs: { status: 'down', reason: 'timeout' },
    });
    expect(JSON.stringify(body)).not.toMatch(/hunter2|db\.internal/);
  });

  it('asks a part once for many callers, and never again while it hangs', async () => {
    let asked = 0;
    const slow = () => {
      asked++;
      return never();
    };
    register('slow', slow, { ready: true, timeoutMs: 20 });
    const reports = await Promise.all(Array.from({ length: 10 }, () => report('/health/ready')));
    expect(reports.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 503));
    // The two pages keep separate reports of one and the same check.
    expect((await report('/health/deep')).body.parts).toMatchObject({ slow: { reason: 'timeout' } });
    expect(asked).toBe(1);
  });

  it('refuses two parts of one name', () => {
    expect(() => register('outbox', () => undefined)).toThrow('already a health check called outbox');
  });
});

describe('metrics', () => {
  it('show the process, the requests and what others registered', async () => {
    const metrics = app.get(Metrics);
    metrics.counter('bids_total', 'Bids.', ['result']).inc({ result: 'accepted' });
    metrics.gauge('outbox_backlog', 'Rows.', async () => 7);
    metrics.gauge('broken_gauge', 'Broken.', broken);
    app.get(PoolMetrics).watch('app', { totalCount: 5, idleCount: 2, waitingCount: 1 });
    await get('/health/live');
    // The parts of one scrape are read side by side, so a failed gauge shows in the count of the next.
    await get('/metrics');
    const { status, type, text } = await get('/metrics');
    expect({ status, type }).toEqual({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' });
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'bids_total{result="accepted"} 1',
        'outbox_backlog 7',
        'metrics_unread_total{metric="broken_gauge"} 1',
        'pg_pool_connections{pool="app"} 5',
        'pg_pool_idle{pool="app"} 2',
        'pg_pool_waiting{pool="app"} 1',
        'http_requests_total{method="GET",route="/health/live",status="200"} 1',
        expect.stringMatching(/^process_cpu_seconds_total /),
        expect.stringMatching(/^nodejs_eventloop_lag_p99_seconds /),
      ]),
    );
    expect(text).not.toMatch(/^broken_gauge /m);
  });

  it.each(['x-forwarded-for', 'forwarded', 'x-real-ip'])(
    'are not for whom a proxy speaks (%s)',
    async (header) => {
      expect(await get('/metrics', { [header]: '127.0.0.1' })).toMatchObject({
        status: 403,
        text: expect.stringContaining('metrics-not-public'),
      });
    },
  );

  it('are for an operator’s key from anywhere', async () => {
    const far = { 'x-forwarded-for': '203.0.113.9' };
    expect((await get('/metrics', { ...far, authorization: 'Bearer opk_good' })).status).toBe(200);
    expect((await get('/metrics', { ...far, authorization: 'Bearer opk_bad' })).status).toBe(403);
  });

  it('count an unknown path as unmatched in a Nest app too', async () => {
    await get('/no/such/path');
    const { text } = await get('/metrics');
    expect(text).toContain('http_requests_total{method="GET",route="unmatched",status="404"} 1');
  });
});
