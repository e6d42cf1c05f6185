/** What replicas share: how much of each bucket is taken in its running window. */
export interface LeaseStore {
  /** Grants each request what is left, at most what the terms want. A key occurs once in a call. */
  lease(terms: LeaseTerms, requests: readonly LeaseRequest[]): Promise<Lease[]>;
  /** Forgets windows that have ended, where the store does not do so by itself. */
  sweep?(): Promise<void>;
  /** Gives back a connection of its own, where the store has one. */
  close?(): void;
}

export interface LeaseTerms {
  limit: number;
  want: number;
}

export interface LeaseRequest {
  key: string;
  /** Taken without asking, while nobody else was there or the store was away. It counts before anything is granted. */
  carried: number;
  /** How long a window lasts that starts with this request. */
  windowMs: number;
}

export interface Lease {
  granted: number;
  /** Taken by all replicas in this window, this lease included; never more than the limit. */
  used: number;
  endsInMs: number;
}
