import type { Sighting } from '../domain/tweet.js';
import { XSourceMissing } from '../verification.errors.js';

/** Where tweets are read. Which one it is follows from the settings (`tweet-source.provider.ts`). */
export abstract class TweetSource {
  private readonly underWay = new Map<string, Promise<Sighting>>();

  /** Throws where nobody could read the tweet that an agent is about to be asked for. */
  ready(): void {}

  /**
   * What X shows of a tweet now; throws when it cannot be said. Those who ask for the same tweet at the same time
   * share one look, since X counts how often it is asked.
   */
  see(id: string): Promise<Sighting> {
    const shared = this.underWay.get(id);
    if (shared) return shared;
    const look = this.look(id).finally(() => this.underWay.delete(id));
    this.underWay.set(id, look);
    return look;
  }

  protected abstract look(id: string): Promise<Sighting>;
}

/** Where no source was set up: nobody is verified, rather than everybody. */
export class NoTweets extends TweetSource {
  override ready(): void {
    throw new XSourceMissing();
  }

  protected look(): Promise<Sighting> {
    return Promise.reject(new XSourceMissing());
  }
}
