import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { SECOND_MS } from '#kernel/clock';
import { Unauthenticated } from '#kernel/errors/kernel.errors';
import { type ApiRequest, KeyWatches, type KeyWatch } from '#platform/http';
import { bearer } from './api-key.guard.js';
import { ApiKeys, type KnownCaller } from './api-keys.js';

/** Behind the wake-up that tells of a change, in case it was lost. */
const LOOK_EVERY_MS = 15 * SECOND_MS;

/** What a key has opened for long must end when the key no longer opens it. */
@Injectable()
export class ApiKeyWatch implements OnModuleInit {
  private readonly logger = new Logger('ApiKeyWatch');

  constructor(
    private readonly keys: ApiKeys,
    private readonly watches: KeyWatches,
  ) {}

  onModuleInit(): void {
    this.watches.watchedBy((request) => this.watch(request));
  }

  private watch(request: ApiRequest): KeyWatch {
    const { id, suspended } = request.caller!;
    const ending = new AbortController();
    const look = async (): Promise<void> => {
      try {
        const known = await this.holder(request);
        if (known?.suspended !== suspended) ending.abort();
      } catch (error) {
        this.logger.debug({ msg: 'a key could not be looked at', error: String(error) });
      }
    };
    const forget = this.keys.onChange(id, () => void look());
    // A change between the guard of the request and this moment was heard by nobody.
    void look();
    const timer = setInterval(() => void look(), LOOK_EVERY_MS).unref();
    return {
      ended: ending.signal,
      caller: async () => {
        const known = await this.holder(request);
        if (!known) throw new Unauthenticated();
        return known;
      },
      stop: () => {
        clearInterval(timer);
        forget();
      },
    };
  }

  /** Undefined when the key opens nothing; one that only opens the replay of its rotation opens nothing here. */
  private async holder(request: ApiRequest): Promise<KnownCaller | undefined> {
    const key = bearer(request)!;
    const fingerprint = this.keys.fingerprint(key);
    const known = this.keys.cached(fingerprint) ?? (await this.keys.identify(key, fingerprint));
    return known === 'refused' || known.replayOnly ? undefined : known;
  }
}
