import {
  errorClassOf,
  isEndpointTrouble,
  isUnreachable,
  type Outcome,
  verdictOn,
  verdictOnPing,
} from './retry-plan.js';

const SERVER_ERROR: Outcome = { status: 503 };
const noAnswer = (failure: string): Outcome => ({ failure: { class: failure, permanent: false } });
const FAILURES = {
  timeout: noAnswer('timeout'),
  refused: { failure: { class: 'refused_address', permanent: true } },
} satisfies Record<string, Outcome>;

describe('After an attempt', () => {
  it.each([
    [1, 0, 5_000],
    [1, 0.5, 5_250],
    [2, 0, 30_000],
    [3, 0, 300_000],
    [3, 0.999999, 330_000],
  ])('number %i with chance %d the next comes after %i ms', (attempt, chance, afterMs) => {
    expect(verdictOn(SERVER_ERROR, attempt, () => chance)).toEqual({ kind: 'retry', afterMs });
  });

  it.each([
    [{ status: 200 }, 1, { kind: 'delivered' }],
    [{ status: 299 }, 4, { kind: 'delivered' }],
    [{ status: 302 }, 1, { kind: 'retry', afterMs: 5_000 }],
    [{ status: 404 }, 1, { kind: 'retry', afterMs: 5_000 }],
    [FAILURES.timeout, 1, { kind: 'retry', afterMs: 5_000 }],
    [SERVER_ERROR, 4, { kind: 'failed', reason: 'The third retry failed: answered 503.' }],
    [FAILURES.timeout, 4, { kind: 'failed', reason: 'The third retry failed: timeout.' }],
    [{ status: 410 }, 1, { kind: 'failed', reason: 'The address answered 410: it is gone for good.' }],
    [FAILURES.refused, 1, { kind: 'failed', reason: 'The address cannot be used: refused_address.' }],
    [{ status: 429, retryAfterMs: 90_000 }, 1, { kind: 'retry', afterMs: 90_000 }],
    [{ status: 429, retryAfterMs: 1_000 }, 1, { kind: 'retry', afterMs: 5_000 }],
    [{ status: 429, retryAfterMs: 86_400_000 }, 1, { kind: 'retry', afterMs: 3_600_000 }],
  ] as [Outcome, number, object][])('%j, being number %i: %j', (outcome, attempt, verdict) => {
    expect(verdictOn(outcome, attempt, () => 0)).toEqual(verdict);
  });

  it('a ping is not tried again', () => {
    expect(verdictOnPing({ status: 204 })).toEqual({ kind: 'delivered' });
    expect(verdictOnPing({ status: 500, retryAfterMs: 1_000 })).toEqual({
      kind: 'failed',
      reason: 'The ping failed: answered 500.',
    });
  });

  it.each([
    [{ status: 200 }, null, 'none'],
    [{ status: 301 }, 'redirect', 'none'],
    [{ status: 410 }, 'gone', 'none'],
    [{ status: 404 }, 'rejected', 'none'],
    [{ status: 500 }, 'server_error', 'of the endpoint'],
    [FAILURES.timeout, 'timeout', 'of the endpoint'],
    [noAnswer('reset'), 'reset', 'of the endpoint'],
    [FAILURES.refused, 'refused_address', 'none'],
    [noAnswer('connect'), 'connect', 'of the host'],
    [noAnswer('dns'), 'dns', 'of the host'],
    [noAnswer('tls'), 'tls', 'of the host'],
  ] as [Outcome, string | null, string][])('%j is logged as %s; trouble: %s', (outcome, name, trouble) => {
    const ofEndpoint = isEndpointTrouble(outcome) ? 'of the endpoint' : 'none';
    expect(errorClassOf(outcome)).toBe(name);
    expect(isUnreachable(outcome) ? 'of the host' : ofEndpoint).toBe(trouble);
  });
});
