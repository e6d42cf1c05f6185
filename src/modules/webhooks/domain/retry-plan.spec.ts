import { errorClassOf, isHostTrouble, type Outcome, verdictOn, verdictOnPing } from './retry-plan.js';

const SERVER_ERROR: Outcome = { status: 503 };
const FAILURES = {
  timeout: { failure: { class: 'timeout', permanent: false } },
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
    [{ status: 200 }, null, false],
    [{ status: 301 }, 'redirect', false],
    [{ status: 410 }, 'gone', false],
    [{ status: 404 }, 'rejected', false],
    [{ status: 500 }, 'server_error', true],
    [FAILURES.timeout, 'timeout', true],
    [FAILURES.refused, 'refused_address', false],
  ] as [Outcome, string | null, boolean][])(
    '%j is logged as %s; the host is in trouble: %s',
    (outcome, name, trouble) => {
      expect(errorClassOf(outcome)).toBe(name);
      expect(isHostTrouble(outcome)).toBe(trouble);
    },
  );
});
