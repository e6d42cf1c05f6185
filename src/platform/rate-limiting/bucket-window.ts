import type { Lease, LeaseTerms } from './lease-store.js';

/** One key's running window, as this process knows it. */
export class BucketWindow {
  used = 0;
  /** What this process may admit. */
  granted = 0;
  /** What of it the store knows about. */
  leased = 0;
  /** What others had taken when the store was last asked. */
  elsewhere = 0;
  /** The bucket is empty until the window ends. */
  isDry = false;
  leasing: Promise<void> | undefined;

  constructor(public endsAt: number) {}

  get unreported(): number {
    return Math.max(0, this.used - this.leased);
  }

  grantLocally(limit: number): void {
    this.granted = Math.max(this.granted, limit - this.elsewhere);
    this.isDry = true;
  }

  /** Keeps of a local grant what was used. False where there is nothing to tell the store. */
  returnLocalGrant(): boolean {
    if (this.granted <= this.leased) return false;
    this.granted = Math.max(this.leased, this.used);
    this.isDry = false;
    return this.used > this.leased;
  }

  accept(lease: Lease, terms: LeaseTerms, carried: number, askedAt: number): void {
    this.leased += carried + lease.granted;
    // A local grant that was made meanwhile already contains this lease.
    this.granted = Math.max(this.granted, this.leased);
    this.elsewhere = Math.max(0, lease.used - this.leased);
    this.isDry = lease.granted < terms.want;
    // Counted from the question, not the answer: a lease must not outlive its window while the answer travels.
    this.endsAt = askedAt + lease.endsInMs;
  }
}
