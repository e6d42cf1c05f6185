/** An account on X. */
export interface XAccount {
  /** X's own id: it stays when the handle changes. */
  id: string;
  handle: string;
  createdAt: Date;
  followers: number;
  isProtected: boolean;
}

/** A tweet as its source shows it, together with who wrote it. */
export interface Tweet {
  id: string;
  text: string;
  postedAt: Date;
  /** It shows somebody else's words under this account's name. */
  isRepost: boolean;
  author: XAccount;
}

/** What a look at X found: the tweet, or why there is none to be seen. */
export type Sighting = Tweet | 'not_found' | 'not_public';
