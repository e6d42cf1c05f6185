import { clientOf } from '../client-address.js';

/** What the unfinished bodies of one address may hold: 256 small ones, or eight of the largest. */
const OPEN_BYTES_MAX = 16 * 1024 * 1024;
/** A connection costs memory even when little is sent over it. */
const BODY_BYTES_MIN = 65_536;

/** Counts, for each address, what its unfinished bodies may come to. A factor of 0 switches the count off. */
export class OpenBodies {
  private readonly reserved = new Map<string, number>();
  private readonly max: number;

  constructor(factor: number) {
    this.max = factor === 0 ? Number.POSITIVE_INFINITY : Math.max(BODY_BYTES_MIN, OPEN_BYTES_MAX * factor);
  }

  /** Reserves room for a body of at most this many bytes; returns a function that releases it, or undefined if there is no room. */
  open(ip: string | undefined, bytesMax: number): (() => void) | undefined {
    const address = clientOf(ip);
    const bytes = Math.max(BODY_BYTES_MIN, bytesMax);
    const taken = (this.reserved.get(address) ?? 0) + bytes;
    if (taken > this.max) return undefined;
    this.reserved.set(address, taken);
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      const left = this.reserved.get(address)! - bytes;
      if (left > 0) this.reserved.set(address, left);
      else this.reserved.delete(address);
    };
  }
}
