import type { Server } from 'node:http';
import { SECOND_MS } from '#kernel/clock';

/**
 * Idle connections stay open longer than those of load balancers (60 s is common). The sender must close first, or a
 * request meets a connection that was just closed.
 */
const KEEP_ALIVE_MS = 75 * SECOND_MS;
/** Longer than an idle connection is kept, so that neither clock ends what the other still waits for. */
const HEADERS_MS = 80 * SECOND_MS;
/** Two megabytes at 140 kbit/s. */
const REQUEST_MS = 120 * SECOND_MS;

/** How long a client may take, and how long a connection may wait for its next request. */
export function limitTimes(server: Server): void {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = HEADERS_MS;
  server.requestTimeout = REQUEST_MS;
}
