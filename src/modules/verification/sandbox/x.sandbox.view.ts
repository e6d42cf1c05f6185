import type { SandboxAccount } from './sandbox-x.store.js';

export class XAccountSet {
  /** @example alexey_founder */
  handle: string;
  /** @example 2025-03-12T17:00:00.000Z */
  created_at: string;
  /** @example 100 */
  followers: number;
  /** @example false */
  protected: boolean;
}

export class TweetPosted {
  /** @example https://x.com/alexey_founder/status/1234567890 */
  tweet_url: string;
}

export const toXAccount = ({ handle, createdAt, followers, isProtected }: SandboxAccount): XAccountSet => ({
  handle,
  created_at: createdAt.toISOString(),
  followers,
  protected: isProtected,
});
