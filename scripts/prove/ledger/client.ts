import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { Deed, TransferBody } from './deeds.js';

/** The answer that ended a request, after however many attempts. */
export interface Final {
  deed: Deed;
  body: TransferBody;
  status: number;
  /** The problem's name, of a refusal. */
  error: string | undefined;
  text: string;
  movementId: string | undefined;
  attempts: number;
}

const ATTEMPT_MS_MAX = 10_000;
const PAUSE_MS = 50;
const GIVE_UP_MS = 60_000;

/**
 * What a careful client does: as long as it does not know what became of its request, it sends the same one
 * with the same key again.
 */
export class PatientClient {
  private readonly agent = new Agent({ connections: 64, pipelining: 1 });

  constructor(private readonly baseUrl: string) {}

  /** All bodies at the same moment, each until it has its answer. */
  do(deed: Deed): Promise<Final[]> {
    return Promise.all(deed.bodies.map((body) => this.untilAnswered(deed, body)));
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  private async untilAnswered(deed: Deed, body: TransferBody): Promise<Final> {
    const giveUpAt = performance.now() + GIVE_UP_MS;
    for (let attempts = 1; ; attempts++) {
      const answer = await this.attempt(deed, body).catch(() => undefined);
      if (answer && !SAYS_TRY_AGAIN.has(answer.error ?? '')) return { deed, body, ...answer, attempts };
      if (performance.now() > giveUpAt) throw new Error(`No answer for ${deed.payer.id} ${deed.key}.`);
      await sleep(PAUSE_MS);
    }
  }

  private async attempt({ payer, key }: Deed, body: TransferBody): Promise<Answer> {
    const { statusCode: status, body: stream } = await request(`${this.baseUrl}/v1/points/transfer`, {
      method: 'POST',
      dispatcher: this.agent,
      signal: AbortSignal.timeout(ATTEMPT_MS_MAX),
      headers: {
        authorization: `Bearer ${payer.key}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify(body),
    });
    const text = await stream.text();
    const { error, movement_id: movementId } = JSON.parse(text) as { error?: string; movement_id?: string };
    return { status, text, error, movementId };
  }
}

type Answer = Pick<Final, 'status' | 'text' | 'error' | 'movementId'>;

/** The answers after which a client does not know, or is asked to come again. */
const SAYS_TRY_AGAIN = new Set(['database_unavailable', 'idempotency_in_progress', 'lost_a_race']);
