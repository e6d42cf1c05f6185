import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#kernel/clock';
import type { Chance } from '#kernel/random';

/** Rules §6.3: three retries after the first attempt, so that each of its three delays is used. */
export const RETRY_DELAYS_MS: readonly number[] = [5 * SECOND_MS, 30 * SECOND_MS, 5 * MINUTE_MS];
export const RETRY_AFTER_MAX_MS = HOUR_MS;
const JITTER_MAX = 0.1;

/** What came back from one attempt: a status, or why there was none. */
export interface Outcome {
  status?: number;
  failure?: { class: string; permanent: boolean };
  retryAfterMs?: number;
}

export type Verdict =
  | { kind: 'delivered' }
  | { kind: 'retry'; afterMs: number }
  /** `reason` is what turns the endpoint off. */
  | { kind: 'failed'; reason: string };

/** What one attempt means, being the n-th since the delivery was put on the list. */
export function verdictOn(outcome: Outcome, attempt: number, chance: Chance): Verdict {
  const { status, failure, retryAfterMs = 0 } = outcome;
  if (status !== undefined && status >= 200 && status < 300) return { kind: 'delivered' };
  if (status === 410) return { kind: 'failed', reason: 'The address answered 410: it is gone for good.' };
  if (failure?.permanent) return { kind: 'failed', reason: `The address cannot be used: ${failure.class}.` };
  const delayMs = RETRY_DELAYS_MS[attempt - 1];
  if (delayMs === undefined) {
    return { kind: 'failed', reason: `The third retry failed: ${inWords(outcome)}.` };
  }
  const jittered = delayMs * (1 + JITTER_MAX * chance());
  return {
    kind: 'retry',
    afterMs: Math.round(Math.max(jittered, Math.min(retryAfterMs, RETRY_AFTER_MAX_MS))),
  };
}

/** A ping is answered well, or not; it is not tried again. */
export function verdictOnPing(outcome: Outcome): Verdict {
  const verdict = verdictOn(outcome, 1, () => 0);
  return verdict.kind === 'delivered'
    ? verdict
    : { kind: 'failed', reason: `The ping failed: ${inWords(outcome)}.` };
}

export const inWords = ({ status, failure }: Outcome): string =>
  status === undefined ? (failure?.class ?? 'no answer') : `answered ${status}`;

/** The class of a failed answer, as the log shows it. */
export function errorClassOf({ status, failure }: Outcome): string | null {
  if (status === undefined) return failure?.class ?? 'other';
  if (status < 300) return null;
  if (status < 400) return 'redirect';
  if (status === 410) return 'gone';
  return status < 500 ? 'rejected' : 'server_error';
}

/** Whether nobody can connect to the host just now, whatever they send there. */
export const isUnreachable = ({ failure }: Outcome): boolean =>
  failure !== undefined && ['dns', 'connect', 'tls'].includes(failure.class);

/** Whether the endpoint fails, rather than refuses what it is sent. */
export const isEndpointTrouble = ({ status, failure }: Outcome): boolean =>
  status === undefined ? failure?.permanent !== true : status >= 500;
