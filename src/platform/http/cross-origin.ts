import type { Request, Response } from 'express';

/**
 * Nothing of ours takes a cookie, so a page of any origin may read what its visitor could read by curl; credentials are
 * never allowed. Operators' routes stay closed, and so do the metrics, which trust every caller on this machine.
 */
const CLOSED = /^\/(?:(?:v1\/)?admin|metrics)(?:\/|$)/i;

const EXPOSED = [
  'ETag',
  'Idempotency-Replayed',
  'Link',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'X-Request-Id',
  'X-Webhook-Status',
].join(', ');

/** The star does not cover `Authorization`; the other names are for browsers that do not know the star. */
const ALLOWED_HEADERS =
  'Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, X-Request-Id, traceparent, *';
const ALLOWED_METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
/** As long as Firefox keeps it; Chromium keeps it two hours. */
const PREFLIGHT_KEPT_S = '86400';

/**
 * Opens an answer to pages of other origins, refusals included. True for a preflight, which is thereby answered: before
 * any guard, so that no limit counts what a browser asks by itself.
 */
export function openToOtherOrigins(request: Request, response: Response): boolean {
  if (CLOSED.test(request.path)) return false;
  // On every answer, so that a cached one is right for the next caller too.
  response.setHeader('Access-Control-Allow-Origin', '*');
  const { origin, 'access-control-request-method': asksFor } = request.headers;
  if (origin === undefined) return false;
  if (request.method !== 'OPTIONS' || asksFor === undefined) {
    response.setHeader('Access-Control-Expose-Headers', EXPOSED);
    return false;
  }
  response
    .writeHead(204, {
      'Access-Control-Allow-Methods': ALLOWED_METHODS,
      'Access-Control-Allow-Headers': ALLOWED_HEADERS,
      'Access-Control-Max-Age': PREFLIGHT_KEPT_S,
    })
    .end();
  return true;
}
