import { Logger } from '@nestjs/common';
import { MINUTE_MS, SECOND_MS } from '#kernel/clock';
import type { OutgoingClient, OutgoingResponse } from '#platform/egress';
import type { Sighting } from '../domain/tweet.js';
import { XRateLimited, XSourceDown } from '../verification.errors.js';
import { TweetSource } from './tweet-source.js';
import { sightingIn } from './x-api-answer.js';
import type { XSites } from './x-sites.js';

const FIELDS = new URLSearchParams({
  expansions: 'author_id',
  'tweet.fields': 'created_at,note_tweet,referenced_tweets',
  'user.fields': 'created_at,protected,public_metrics,username',
});

/** X counts in windows of fifteen minutes; where it does not say when the next one begins, a minute is waited. */
const WAIT_MAX_MS = 15 * MINUTE_MS;
const WAIT_UNTOLD_MS = MINUTE_MS;

const ANSWER_TIMEOUT_MS = 10 * SECOND_MS;

/** X API v2: one request a look, `GET /2/tweets/:id` with its author. */
export class XApiSource extends TweetSource {
  private readonly logger = new Logger('XApi');
  /** Real time, as X's limits are. */
  private limitedUntil = 0;

  constructor(
    private readonly client: OutgoingClient,
    private readonly sites: XSites,
    private readonly token: string,
    private readonly timeoutMs = ANSWER_TIMEOUT_MS,
  ) {
    super();
  }

  protected async look(id: string): Promise<Sighting> {
    this.refuseWhileLimited();
    const answer = await this.ask(id);
    this.noteLimit(answer);
    if (answer.status === 429) this.refuseWhileLimited();
    const sighting = sightingIn(answer);
    if (sighting !== undefined) return sighting;
    // Why X refuses us is for the operators: the token, the plan, an outage, another shape of answer.
    this.logger.error({ msg: 'X gave no tweet', status: answer.status, answer: answer.body.slice(0, 500) });
    throw new XSourceDown();
  }

  private async ask(id: string): Promise<OutgoingResponse> {
    try {
      return await this.client.send({
        url: `${this.sites.api}/2/tweets/${id}?${FIELDS.toString()}`,
        method: 'GET',
        timeoutMs: this.timeoutMs,
        headers: { authorization: `Bearer ${this.token}`, accept: 'application/json' },
      });
    } catch (error) {
      this.logger.warn({ msg: 'X did not answer', error });
      throw new XSourceDown({ cause: error });
    }
  }

  /** Also after an answer that was the last one of its window. */
  private noteLimit({ status, headers }: OutgoingResponse): void {
    if (status !== 429 && headers['x-rate-limit-remaining'] !== '0') return;
    const now = Date.now();
    const resetsAt = Number(headers['x-rate-limit-reset'] ?? Number.NaN) * SECOND_MS;
    const waitMs = Number.isNaN(resetsAt) ? WAIT_UNTOLD_MS : resetsAt - now;
    this.limitedUntil = now + Math.min(WAIT_MAX_MS, Math.max(SECOND_MS, waitMs));
  }

  private refuseWhileLimited(): void {
    const waitMs = this.limitedUntil - Date.now();
    if (waitMs > 0) throw new XRateLimited(Math.ceil(waitMs / SECOND_MS));
  }
}
