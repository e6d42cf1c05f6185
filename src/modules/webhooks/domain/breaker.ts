import { after, SECOND_MS } from '#kernel/clock';

const FAILURES_MAX = 5;
const OPEN_MS = 30 * SECOND_MS;
/** Others ask again after this long while the one probe is under way. */
const PROBE_WAIT_MS = 5 * SECOND_MS;
const NAMES_MAX = 10_000;

interface Trouble {
  failures: number;
  openUntil?: Date;
  probing: boolean;
}

/**
 * Leaves alone what has failed five times in a row: for half a minute nothing is sent there, then one probe.
 * What has no trouble is not kept.
 */
export class Breakers {
  private readonly troubles = new Map<string, Trouble>();

  /** Undefined: go ahead, and tell how it went. A time: not before. A probe is taken only when all of them allow one. */
  blockedUntil(names: readonly string[], now: Date): Date | undefined {
    const open = names.flatMap((name) => {
      const trouble = this.troubles.get(name);
      return trouble?.openUntil ? [{ openUntil: trouble.openUntil, trouble }] : [];
    });
    const waits = open.flatMap(({ openUntil, trouble }) => {
      if (now < openUntil) return [openUntil];
      return trouble.probing ? [after(now, PROBE_WAIT_MS)] : [];
    });
    if (waits.length > 0) return waits.reduce((latest, wait) => (wait > latest ? wait : latest));
    for (const { trouble } of open) trouble.probing = true;
    return undefined;
  }

  succeeded(name: string): void {
    this.troubles.delete(name);
  }

  failed(name: string, now: Date): void {
    const trouble = this.troubles.get(name) ?? { failures: 0, probing: false };
    trouble.failures++;
    trouble.probing = false;
    if (trouble.failures >= FAILURES_MAX) trouble.openUntil = after(now, OPEN_MS);
    this.troubles.set(name, trouble);
    const [oldest] = this.troubles.keys();
    if (this.troubles.size > NAMES_MAX) this.troubles.delete(oldest!);
  }

  /** Nothing was learnt of it: the attempt was given up, or ended before it got there. */
  nothingLearnt(name: string): void {
    const trouble = this.troubles.get(name);
    if (trouble) trouble.probing = false;
  }
}
