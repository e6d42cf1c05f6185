import { Injectable, Logger } from '@nestjs/common';
import { SECOND_MS } from '../../../kernel/clock.js';
import type { ApiRequest } from '../../../kernel/http/caller.js';
import type { StreamGuard } from '../../../kernel/http/streams/event-answers.js';
import { bearer } from './api-key.guard.js';
import { ApiKeys } from './api-keys.js';

/** Behind the wake-up that tells of a change, in case it was lost. */
const LOOK_EVERY_MS = 15 * SECOND_MS;

/** What a key has opened for long must end when the key no longer opens it. */
@Injectable()
export class KeyWatch {
  private readonly logger = new Logger('KeyWatch');

  constructor(private readonly keys: ApiKeys) {}

  /** Aborted when the key is rotated away, or its agent suspended or reinstated, until `stop`. */
  watch(request: ApiRequest): StreamGuard {
    const ending = new AbortController();
    const look = (): void => {
      this.stillGood(request).then(
        (good) => good || ending.abort(),
        (error: unknown) => this.logger.debug({ msg: 'a key could not be looked at', error: String(error) }),
      );
    };
    const { id } = request.caller!;
    const forget = this.keys.onChange((agentId) => agentId === id && look());
    const timer = setInterval(look, LOOK_EVERY_MS).unref();
    return {
      ended: ending.signal,
      stop: () => {
        clearInterval(timer);
        forget();
      },
    };
  }

  private async stillGood(request: ApiRequest): Promise<boolean> {
    const key = bearer(request)!;
    const fingerprint = this.keys.fingerprint(key);
    const known = this.keys.cached(fingerprint) ?? (await this.keys.identify(key, fingerprint));
    return known !== 'refused' && !known.replayOnly && known.suspended === request.caller!.suspended;
  }
}
