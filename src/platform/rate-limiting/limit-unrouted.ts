import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { ErrorRequestHandler, NextFunction, Request, RequestHandler } from 'express';
import type { ApiRequest } from '#platform/http';
import { RequestLimits } from './request-limits.js';

/** Charges what no guard will see: unknown routes, pages and files that are served beside the controllers. */
export function limitUnrouted(limits: RequestLimits): RequestHandler {
  return (req, _res, next) => charge(limits, req, next);
}

/** The same for requests that failed before any route, such as malformed JSON; the failure goes on after it. */
export function limitFailed(limits: RequestLimits): ErrorRequestHandler {
  return (error: unknown, req, _res, next) => charge(limits, req, next, error);
}

/**
 * Puts both where they belong by itself: Nest mounts its routes before this hook runs, and its handlers of
 * unknown routes and of errors after it.
 */
@Injectable()
export class UnroutedLimits implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly limits: RequestLimits,
  ) {}

  onModuleInit(): void {
    // A worker has no HTTP side.
    const { httpAdapter } = this.host;
    if (!httpAdapter) return;
    httpAdapter.use(limitUnrouted(this.limits));
    httpAdapter.use(limitFailed(this.limits));
  }
}

function charge(limits: RequestLimits, req: Request, next: NextFunction, error?: unknown): void {
  const goOn = (): void => next(error);
  try {
    const waiting = limits.chargeCaller(req as ApiRequest);
    if (waiting) waiting.then(goOn, next);
    else goOn();
  } catch (refusal) {
    next(refusal);
  }
}
