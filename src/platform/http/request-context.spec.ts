import { currentRequestId, currentTraceId, runInRequest, traceIdOf } from './request-context.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('traceIdOf', () => {
  it.each([
    [`00-${TRACE}-00f067aa0ba902b7-01`, TRACE],
    [`01-${TRACE}-00f067aa0ba902b7-01-more`, TRACE],
    [`ff-${TRACE}-00f067aa0ba902b7-01`, undefined],
    [`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, undefined],
    [`00-${TRACE}-${'0'.repeat(16)}-01`, undefined],
    [`00-${TRACE.toUpperCase()}-00f067aa0ba902b7-01`, undefined],
    [`00-${TRACE}-00f067aa0ba902b7`, undefined],
    [`00-${TRACE}-00f067aa0ba902b7-01x`, undefined],
    ['', undefined],
    [undefined, undefined],
    [['a', 'b'], undefined],
  ])('reads %j as %j', (header, traceId) => expect(traceIdOf(header)).toBe(traceId));
});

describe('the request context', () => {
  it('follows awaits and ends with its request', async () => {
    const seen = await Promise.all(
      ['req_a', 'req_b'].map((requestId) =>
        runInRequest({ requestId }, async () => {
          await new Promise((resolve) => setTimeout(resolve, 1));
          return currentRequestId();
        }),
      ),
    );
    expect(seen).toEqual(['req_a', 'req_b']);
    expect(currentRequestId()).toBeUndefined();
  });

  it('asks a running tracer when the caller sent no trace', () => {
    const api = Symbol.for('opentelemetry.js.api.1');
    const tracers = globalThis as Record<symbol, unknown>;
    expect(currentTraceId()).toBeUndefined();
    tracers[api] = {
      context: { active: () => ({ getValue: () => ({ spanContext: () => ({ traceId: TRACE }) }) }) },
    };
    try {
      expect(currentTraceId()).toBe(TRACE);
      expect(runInRequest({ requestId: 'r', traceId: 'a'.repeat(32) }, currentTraceId)).toBe('a'.repeat(32));
    } finally {
      delete tracers[api];
    }
  });
});
