import { after, SECOND_MS } from '../../../kernel/clock.js';

const FAILURES_MAX = 5;
const OPEN_MS = 30 * SECOND_MS;
/** Whoever else wants to try asks again while the one probe is under way. */
const PROBE_WAIT_MS = 5 * SECOND_MS;
const HOSTS_MAX = 10_000;

interface Trouble {
  failures: number;
  openUntil?: Date;
  probing: boolean;
}

/**
 * Leaves a host alone that has failed five times in a row: for half a minute nothing is sent there, then one probe.
 * Hosts without trouble are not kept.
 */
export class Breakers {
  private readonly hosts = new Map<string, Trouble>();

  /** Undefined: go ahead, and tell how it went. A time: not before. */
  blockedUntil(host: string, now: Date): Date | undefined {
    const trouble = this.hosts.get(host);
    if (!trouble?.openUntil) return undefined;
    if (now < trouble.openUntil) return trouble.openUntil;
    if (trouble.probing) return after(now, PROBE_WAIT_MS);
    trouble.probing = true;
    return undefined;
  }

  succeeded(host: string): void {
    this.hosts.delete(host);
  }

  failed(host: string, now: Date): void {
    const trouble = this.hosts.get(host) ?? { failures: 0, probing: false };
    trouble.failures++;
    trouble.probing = false;
    if (trouble.failures >= FAILURES_MAX) trouble.openUntil = after(now, OPEN_MS);
    this.hosts.set(host, trouble);
    const [oldest] = this.hosts.keys();
    if (this.hosts.size > HOSTS_MAX) this.hosts.delete(oldest!);
  }

  /** Nothing was learnt, because the attempt was given up. */
  givenUp(host: string): void {
    const trouble = this.hosts.get(host);
    if (trouble) trouble.probing = false;
  }
}
