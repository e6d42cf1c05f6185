import type { Sighting } from '../domain/tweet.js';
import { TweetSource } from '../sources/tweet-source.js';
import type { SandboxXStore } from './sandbox-x.store.js';

/** A stand-in of X on this very server, on which anybody posts as anybody. */
export class SandboxTweets extends TweetSource {
  constructor(private readonly store: SandboxXStore) {
    super();
  }

  protected async look(id: string): Promise<Sighting> {
    return (await this.store.find(id)) ?? 'not_found';
  }
}
