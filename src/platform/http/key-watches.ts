import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import type { ApiRequest } from './api-request.js';

/** Stands watch over the key of one request for as long as the request is held, or until `stop`. */
export interface KeyWatch {
  /** Aborted when the key opens nothing any more, or its agent was suspended or reinstated. */
  readonly ended: AbortSignal;
  /** Who a request with the same key would be found to be now; throws `Unauthenticated` when it opens nothing. */
  caller(): Promise<Caller | undefined>;
  stop(): void;
}

/**
 * Open requests and streams outlive the check of their key, so they watch it. The module that owns the keys provides the
 * watch; a request without a key watches nothing.
 */
@Injectable()
export class KeyWatches {
  private begin: ((request: ApiRequest) => KeyWatch) | undefined;

  watchedBy(begin: (request: ApiRequest) => KeyWatch): void {
    this.begin = begin;
  }

  watch(request: ApiRequest): KeyWatch {
    return request.caller && this.begin ? this.begin(request) : keyless();
  }
}

const keyless = (): KeyWatch => ({
  ended: new AbortController().signal,
  caller: () => Promise.resolve(undefined),
  stop: () => {},
});
