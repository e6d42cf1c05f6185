import type { AddressInfo } from 'node:net';
import {
  type ArgumentsHost,
  type CanActivate,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  Get,
  HttpException,
  Injectable,
  Module,
  Post,
  UnauthorizedException,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory, Reflector } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Response } from 'express';
import type { Caller } from '#kernel/caller';
import { DomainError } from '#kernel/errors/domain-error';
import { type ApiRequest, RouteRules } from '#platform/http';
import { bucketPolicies } from './bucket-policy.js';
import type { Lease } from './lease-store.js';
import { UnroutedLimits } from './limit-unrouted.js';
import { Limited, LimiterGuard } from './limiter.guard.js';
import { RateLimiter } from './rate-limiter.js';
import { RequestLimits } from './request-limits.js';

const AGENTS: Record<string, Caller> = {
  fresh: { id: 'agt_fresh', verified: false, suspended: false },
  known: { id: 'agt_known', verified: true, suspended: false },
};

/** Walks the order of rules §1.7 as the real guard does: the cache, the IP's bucket, the look-up, the refund. */
@Injectable()
class KeyGuard implements CanActivate {
  static readonly cached = new Set<string>();
  static lookUps = 0;

  constructor(private readonly limits: RequestLimits) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const req = context.switchToHttp().getRequest<ApiRequest>();
    const key = req.headers.authorization;
    if (!key) return true;
    if (!KeyGuard.cached.has(key)) {
      await this.limits.chargeIp(req);
      KeyGuard.lookUps++;
      if (key === 'operator') {
        this.limits.refundIp(req);
        req.operator = { id: 'opk_1', name: 'o', role: 'viewer' };
        return true;
      }
      if (!AGENTS[key]) throw new UnauthorizedException();
      this.limits.refundIp(req);
      KeyGuard.cached.add(key);
    }
    req.caller = AGENTS[key] as Caller;
    return true;
  }
}

@Catch()
class Refusals implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const res = host.switchToHttp().getResponse<Response>();
    if (error instanceof DomainError) {
      res.setHeader('Retry-After', error.retryAfterS ?? 0);
      res
        .status(error.type.kind === 'too_many' ? 429 : 500)
        .json({ error: error.type.slug, ...error.members });
    } else {
      res.status(error instanceof HttpException ? error.getStatus() : 500).json({});
    }
  }
}

@Controller()
class Things {
  @Get('things')
  list(): string[] {
    return [];
  }

  @Get('broken')
  broken(): never {
    throw new Error('on purpose');
  }

  @Post('register')
  @Limited('registration')
  register(): string {
    return 'welcome';
  }
}

let app: NestExpressApplication;
let base: string;
let limiter: RateLimiter;

async function boot(factor = 1): Promise<void> {
  limiter = new RateLimiter(bucketPolicies(factor));
  @Module({
    controllers: [Things],
    providers: [
      { provide: RateLimiter, useValue: limiter },
      {
        provide: RequestLimits,
        useFactory: (charged: RateLimiter) => new RequestLimits(charged),
        inject: [RateLimiter],
      },
      UnroutedLimits,
      { provide: APP_FILTER, useClass: Refusals },
      { provide: APP_GUARD, useClass: KeyGuard },
      {
        provide: APP_GUARD,
        useFactory: (limits: RequestLimits, reflector: Reflector) =>
          new LimiterGuard(limits, reflector, new RouteRules(reflector)),
        inject: [RequestLimits, Reflector],
      },
    ],
  })
  class App {}
  app = await NestFactory.create<NestExpressApplication>(App, { logger: false });
  app.set('trust proxy', true);
  app.setGlobalPrefix('v1');
  await app.listen(0, '127.0.0.1');
  base = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
}

interface Answer {
  status: number;
  limit: Record<string, string | null>;
  retryAfter: string | null;
  body: unknown;
}

async function call(path: string, key?: string, ip = '203.0.113.1', init: RequestInit = {}): Promise<Answer> {
  const headers: Record<string, string> = { 'x-forwarded-for': ip, 'content-type': 'application/json' };
  if (key) headers.authorization = key;
  const res = await fetch(base + path, { ...init, headers });
  return {
    status: res.status,
    limit: limitOf(res.headers),
    retryAfter: res.headers.get('retry-after'),
    body: await res.json().catch(() => null),
  };
}

const limitOf = (headers: Headers): Answer['limit'] => ({
  state: headers.get('ratelimit')?.replace(/t=\d+/g, 't') ?? null,
  policy: headers.get('ratelimit-policy'),
  x: ['limit', 'remaining'].map((name) => headers.get(`x-ratelimit-${name}`)).join('/'),
});

const spend = async (
  policy: 'ip' | 'agent-verified' | 'registration',
  key: string,
  count: number,
): Promise<void> => {
  for (let i = 0; i < count; i++) await limiter.charge(policy, key);
};

const IP_HEADERS = { state: '"ip";r=119;t', policy: '"ip";q=120;w=60', x: '120/119' };

describe('limits over HTTP', () => {
  beforeEach(() => {
    KeyGuard.cached.clear();
    KeyGuard.lookUps = 0;
    return boot();
  });
  afterEach(() => app.close());

  it.each([
    ['an answer', 200, '/v1/things', undefined, {}],
    ['an unknown key', 401, '/v1/things', 'nobody', {}],
    ['an unknown route', 404, '/v1/nothing', undefined, {}],
    ['an unknown route, whatever the key', 404, '/v1/nothing', 'known', {}],
    ['a path outside the prefix', 404, '/nothing', undefined, {}],
    ['malformed JSON', 400, '/v1/register', undefined, { method: 'POST', body: '{' }],
    ['a failure', 500, '/v1/broken', undefined, {}],
  ])('%s (%s) is charged once, and says what is left', async (_what, status, path, key, init) => {
    expect(await call(path, key, '203.0.113.1', init)).toMatchObject({ status, limit: IP_HEADERS });
    expect(await limiter.charge('ip', '203.0.113.1')).toMatchObject({ remaining: 118 });
  });

  it.each([
    ['/v1/things', undefined, {}],
    ['/v1/nothing', undefined, {}],
    ['/v1/register', undefined, { method: 'POST', body: '{' }],
    ['/v1/things', 'nobody', {}],
    ['/v1/things', 'known', {}],
  ])(
    'an address that used up its limit gets 429 at %s, before any look-up (key: %s)',
    async (path, key, init) => {
      await spend('ip', '203.0.113.1', 120);
      const answer = await call(path, key, '203.0.113.1', init);
      expect(answer).toMatchObject({
        status: 429,
        body: { error: 'too-many-requests', limit: 120, policy: 'ip' },
        limit: { state: '"ip";r=0;t', x: '120/0' },
      });
      expect(Number(answer.retryAfter)).toBeGreaterThan(0);
      expect(KeyGuard.lookUps).toBe(0);
      expect((await call(path, undefined, '203.0.113.2', init)).status).not.toBe(429);
    },
  );

  it('a good key counts to its agent, and gives the address its charge back', async () => {
    const agent = { state: '"agent";r=599;t', policy: '"agent";q=600;w=60', x: '600/599' };
    expect(await call('/v1/things', 'known')).toMatchObject({ status: 200, limit: agent });
    expect((await call('/v1/things', 'known')).limit.state).toBe('"agent";r=598;t');
    expect((await call('/v1/things', 'fresh')).limit).toMatchObject({
      policy: '"agent";q=60;w=60',
      x: '60/59',
    });
    expect((await call('/v1/things')).limit).toEqual(IP_HEADERS);
  });

  it('a cached key passes where its address has nothing left, until its own limit ends', async () => {
    await call('/v1/things', 'known');
    await spend('ip', '203.0.113.1', 120);
    expect((await call('/v1/things', 'known')).status).toBe(200);
    await spend('agent-verified', 'agt_known', 598);
    expect(await call('/v1/things', 'known')).toMatchObject({ status: 429, body: { policy: 'agent' } });
  });

  it('an operator has a bucket of its own', async () => {
    expect((await call('/v1/things', 'operator')).limit).toMatchObject({ policy: '"operator";q=600;w=60' });
    expect((await call('/v1/things')).limit).toEqual(IP_HEADERS);
  });

  it('a registration counts to both of its limits, and the nearer one is named', async () => {
    const post = { method: 'POST' };
    expect((await call('/v1/register', undefined, '203.0.113.1', post)).limit).toEqual({
      state: '"ip";r=119;t, "registration";r=59;t',
      policy: '"ip";q=120;w=60, "registration";q=60;w=3600',
      x: '60/59',
    });
    await spend('registration', '203.0.113.1', 59);
    expect(await call('/v1/register', undefined, '203.0.113.1', post)).toMatchObject({
      status: 429,
      body: { policy: 'registration', window_seconds: 3600 },
    });
  });

  it('all addresses of one /64 are one client', async () => {
    await call('/v1/things', undefined, '2001:db8:1:2::1');
    expect((await call('/v1/things', undefined, '2001:db8:1:2:ffff::9')).limit.x).toBe('120/118');
    expect((await call('/v1/things', undefined, '2001:db8:1:3::1')).limit.x).toBe('120/119');
  });

  it('holds where the store has to be asked first', async () => {
    limiter.shareThrough({
      lease: async ({ want }, requests): Promise<Lease[]> =>
        requests.map(({ key }) => ({ granted: key.endsWith('.9') ? 0 : want, used: 120, endsInMs: 9_000 })),
    });
    for (const [path, init] of [
      ['/v1/things', {}],
      ['/v1/nothing', {}],
      ['/v1/register', { method: 'POST', body: '{' }],
    ] as const) {
      expect((await call(path, undefined, '203.0.113.9', init)).status).toBe(429);
      expect((await call(path, undefined, '203.0.113.8', init)).status).not.toBe(429);
    }
    expect((await call('/v1/things', 'known')).status).toBe(200);
  });
});

it('a factor of 0 limits nothing and says nothing', async () => {
  await boot(0);
  try {
    for (let i = 0; i < 150; i++) expect((await call('/v1/things')).status).toBe(200);
    expect((await call('/v1/things')).limit).toEqual({ state: null, policy: null, x: '/' });
  } finally {
    await app.close();
  }
});
