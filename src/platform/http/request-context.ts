import { AsyncLocalStorage } from 'node:async_hooks';

/** What ties the lines of one request together. Only logs read it: transactions and callers are passed by hand. */
export interface RequestContext {
  readonly requestId: string;
  readonly traceId?: string;
}

export const runInRequest = <T>(context: RequestContext, work: () => T): T => storage.run(context, work);

export const currentRequest = (): RequestContext | undefined => storage.getStore();

export const currentRequestId = (): string | undefined => storage.getStore()?.requestId;

/** The trace that a line belongs to: the one the caller sent, else the one that a running tracer has begun. */
export const currentTraceId = (): string | undefined => storage.getStore()?.traceId ?? tracerTraceId();

/** The trace id of a W3C `traceparent` header; nothing when the header is not one. */
export function traceIdOf(traceparent: unknown): string | undefined {
  if (typeof traceparent !== 'string') return undefined;
  const traceId = TRACEPARENT.exec(traceparent)?.[1];
  return traceId === NO_TRACE ? undefined : traceId;
}

/** Version `ff` and a parent of zeros are forbidden; versions after 00 may append fields. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-|$)/;
const NO_TRACE = '0'.repeat(32);

const storage = new AsyncLocalStorage<RequestContext>();

interface Tracer {
  context?: { active(): { getValue(key: symbol): { spanContext(): { traceId: string } } | undefined } };
}

/**
 * OpenTelemetry keeps its API under this well-known symbol, so that a tracer loaded with `--import` is found
 * without depending on it. Without a tracer this is one property read.
 */
function tracerTraceId(): string | undefined {
  const tracer = (globalThis as Record<symbol, unknown>)[TRACER] as Tracer | undefined;
  const traceId = tracer?.context?.active().getValue(ACTIVE_SPAN)?.spanContext().traceId;
  return traceId === NO_TRACE ? undefined : traceId;
}

const TRACER = Symbol.for('opentelemetry.js.api.1');
const ACTIVE_SPAN = Symbol.for('OpenTelemetry Context Key SPAN');
