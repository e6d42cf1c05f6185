import type { Request, RequestHandler, Response } from 'express';
import { MalformedRequest } from '#kernel/errors/kernel.errors';
import { cutOffAfterAnswer, readBody } from './bodies/json-body.js';
import type { OpenBodies } from './bodies/open-bodies.js';
import { openToOtherOrigins } from './cross-origin.js';

/** HTTP/1.1 asks for it. Node would refuse its absence by itself, but without a word (see broken-requests). */
function hostRequired({ headers, httpVersion }: Request): void {
  if (headers.host === undefined && httpVersion === '1.1') throw new MalformedRequest();
}

/** Answers are data, for nobody to frame, run or guess the type of; pages set a policy of their own. */
function securityHeaders(response: Response): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  response.setHeader('Referrer-Policy', 'no-referrer');
}

/**
 * Node's own fetch sends `Cache-Control: no-cache` with every conditional request, which Express takes for "do not
 * compare". Nothing is cached here: an ETag is made from the answer itself, so comparing it is always right.
 */
function honestConditions({ headers }: Request): void {
  if (headers['if-none-match'] !== undefined) delete headers['cache-control'];
}

/** Paths that the specs name outside /v1 are the same resources as under it. */
const ALIASES = ['/sandbox/'];

function aliases(request: Request): void {
  if (ALIASES.some((prefix) => request.url.startsWith(prefix))) request.url = `/v1${request.url}`;
}

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

const hasBody = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** All of it as one layer: each layer of the router would cost every request about as much as what it does. */
export function preparing(open: OpenBodies): RequestHandler {
  return (request, response, next) => {
    securityHeaders(response);
    if (openToOtherOrigins(request, response)) return;
    hostRequired(request);
    honestConditions(request);
    aliases(request);
    if (!hasBody(request)) return next();
    if (WITH_BODY.has(request.method)) return readBody(request, response, next, open);
    cutOffAfterAnswer(request, response);
    next();
  };
}
