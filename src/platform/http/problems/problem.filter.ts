import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { DomainError } from '#kernel/errors/domain-error';
import {
  DatabaseUnavailable,
  InternalError,
  LostARace,
  MalformedRequest,
  MethodNotAllowed,
  RouteNotFound,
} from '#kernel/errors/kernel.errors';
import { STATUS_OF } from '#kernel/errors/status';
import { isOutOfRoom, isRaceLost, isStatementTimeout, isUnreachable } from '#platform/database';
import type { ApiRequest } from '../api-request.js';
import { allowedMethods } from './allowed-methods.js';
import { ErrorPages } from './error-pages.js';
import { problemOf } from './problem.js';

/** The only place where an error becomes a status. Unknown errors are logged once and tell nothing. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Problem');

  constructor(private readonly pages: ErrorPages = new ErrorPages()) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<ApiRequest>();
    const response = http.getResponse<Response>();
    try {
      this.answer(error, request, response);
    } catch (failure) {
      this.lastResort(failure, request, response);
    }
  }

  /** Whatever fails here would otherwise be answered by Express, with a stack trace. */
  private lastResort(failure: unknown, { requestId }: ApiRequest, response: Response): void {
    this.logger.error({ msg: 'a problem could not be told', requestId, error: failure });
    if (response.headersSent) return void response.destroy();
    response.writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
    response.end(`500 Internal error. Request ${requestId}\n`);
  }

  answer(error: unknown, request: ApiRequest, response: Response): void {
    const problem = this.understood(error, request);
    if (problem instanceof InternalError) {
      const { method, requestId } = request;
      this.logger.error({ msg: 'unexpected error', method, path: request.path, requestId, error });
    }
    // An answer that has begun can only be cut off: half a document must not look like a whole one.
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const { kind } = problem.type;
    const { retryAfterS } = problem;
    const at = { instance: request.path ?? '/', requestId: request.requestId };
    const told = problemOf(problem, at);
    const page = this.pages.pageFor(told, request);
    const document = Buffer.from(page?.html ?? JSON.stringify(told));
    response
      .writeHead(STATUS_OF[kind], {
        'Content-Type': page ? 'text/html; charset=utf-8' : 'application/problem+json',
        ...(page && { 'Content-Security-Policy': page.policy, Vary: 'Accept' }),
        'Content-Length': document.length,
        'Cache-Control': 'no-store',
        ...(retryAfterS !== undefined && { 'Retry-After': String(retryAfterS) }),
        ...(kind === 'unauthenticated' && { 'WWW-Authenticate': 'Bearer' }),
        ...(problem instanceof MethodNotAllowed && { Allow: problem.allowed.join(', ') }),
      })
      .end(document);
  }

  private understood(error: unknown, request: ApiRequest): DomainError {
    if (error instanceof DomainError) return error;
    if (isRaceLost(error)) return new LostARace(undefined, { cause: error });
    if (isUnreachable(error) || isStatementTimeout(error))
      return new DatabaseUnavailable(undefined, { cause: error });
    if (isOutOfRoom(error)) {
      this.logger.error({ msg: 'the database has no room', error });
      return new DatabaseUnavailable('The database has no room to write at the moment.', { cause: error });
    }
    return fromHttp(error, request) ?? new InternalError(undefined, { cause: error });
  }
}

/** What Express and Nest's router throw, and what Nest makes of an error with a status: that has it as its cause. */
function fromHttp(error: unknown, request: ApiRequest): DomainError | undefined {
  const status = statusOf(error);
  if (error instanceof HttpException && error.getStatus() === 404) {
    const allowed = allowedMethods(request);
    return allowed.length > 0
      ? new MethodNotAllowed(request.method, allowed)
      : new RouteNotFound(request.method, request.path);
  }
  if (error instanceof URIError || (status !== undefined && status >= 400 && status < 500)) {
    return new MalformedRequest();
  }
  return undefined;
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  return (error as { status?: number }).status;
}
