import { Controller, Get, Inject, Optional, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Settings } from '#config/settings';
import { Public, Unlimited } from '#platform/http';
import { MetricsNotPublic } from '../observability.errors.js';
import { Metrics } from './metrics.js';

/** Tells whether an `Authorization` header belongs to somebody who may read metrics; the operators provide it. */
export abstract class MetricsReaders {
  abstract include(authorization: string): boolean | Promise<boolean>;
}

@Public()
@Unlimited()
@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    private readonly settings: Settings,
    @Optional() @Inject(MetricsReaders) private readonly readers?: MetricsReaders,
  ) {}

  @Get()
  async text(@Req() req: Request, @Res() res: Response): Promise<void> {
    if (!this.isLocal(req) && !(await this.mayRead(req))) throw new MetricsNotPublic();
    const text = await this.metrics.text();
    // Not through `res.type()` or `send()`, which would add a second charset and an ETag that never matches.
    res.setHeader('Content-Type', this.metrics.contentType);
    res.setHeader('Cache-Control', 'no-store');
    res.end(text);
  }

  /** Behind a trusted proxy every call may come from loopback, and not every proxy names whom it speaks for. */
  private isLocal(req: Request): boolean {
    return this.settings.env.TRUST_PROXY === 0 && comesFromThisMachine(req);
  }

  private async mayRead({ headers: { authorization } }: Request): Promise<boolean> {
    return authorization !== undefined && ((await this.readers?.include(authorization)) ?? false);
  }
}

/**
 * Only loopback, not every private address: behind a container's port mapping or a balancer the whole world
 * comes from a private one. A proxy on this machine names the caller it speaks for, and then does not count.
 */
export const comesFromThisMachine = ({ socket, headers }: Request): boolean =>
  /^(?:::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '') &&
  !PROXY_HEADERS.some((name) => name in headers);

const PROXY_HEADERS = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];
