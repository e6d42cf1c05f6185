import { Injectable } from '@nestjs/common';
import { Clock, SECOND_MS } from '#kernel/clock';
import { OutgoingClient, type OutgoingResponse, OutgoingFailure } from '#platform/egress';
import { errorClassOf, type Outcome } from '../domain/retry-plan.js';
import type { Attempt } from '../persistence/delivery.store.js';
import { signatureHeaders, type Stamp } from '../signing/signatures.js';

const ANSWER_KEPT_CHARACTERS = 1_024;

export interface Message {
  url: string;
  id: string;
  body: string;
  secrets: readonly string[];
}

export interface Sent {
  stamp: Stamp;
  headers: Record<string, string>;
  outcome: Outcome;
  attempt: Attempt;
}

/** One attempt: signs, posts, and tells what came back. */
@Injectable()
export class WebhookSender {
  constructor(
    private readonly client: OutgoingClient,
    private readonly clock: Clock,
  ) {}

  /** Undefined when it was given up because the server stops: as if it had not been tried. */
  async send({ url, id, body, secrets }: Message, signal?: AbortSignal): Promise<Sent | undefined> {
    const at = this.clock.now();
    const startedAt = performance.now();
    const stamp = { id, seconds: Math.floor(Date.now() / SECOND_MS) };
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'UpMoltWork-Webhooks/1.0',
      ...signatureHeaders(secrets, stamp, body),
    };
    try {
      const response = await this.client.send({ url, method: 'POST', headers, body, signal });
      const outcome = { status: response.status, retryAfterMs: retryAfterMs(response) };
      const answer = storable(response.body);
      return sent({ at, ms: response.ms, answer }, outcome);
    } catch (error) {
      if (!(error instanceof OutgoingFailure)) throw error;
      if (error.class === 'aborted' || error.class === 'closed') return undefined;
      const failure = { class: error.class, permanent: error.permanent };
      return sent({ at, ms: Math.round(performance.now() - startedAt), answer: null }, { failure });
    }

    function sent(heard: Pick<Attempt, 'at' | 'ms' | 'answer'>, outcome: Outcome): Sent {
      const attempt = { ...heard, status: outcome.status ?? null, error: errorClassOf(outcome) };
      return { stamp, headers, outcome, attempt };
    }
  }
}

/** In seconds, or as a date, which counts from the date of the answer rather than from our clock. */
function retryAfterMs({ headers }: OutgoingResponse): number | undefined {
  const text = headers['retry-after'];
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * SECOND_MS;
  const ms = Date.parse(text) - Date.parse(headers['date'] ?? '');
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

/** Text of a stranger: PostgreSQL refuses NUL, and half of a surrogate pair may come from the cut. */
const storable = (text: string): string =>
  text.slice(0, ANSWER_KEPT_CHARACTERS).replaceAll('\0', '\uFFFD').toWellFormed();
