const ENTRIES_MAX = 50_000;
const REFUSED_MAX = 10_000;

interface Entry<Identity> {
  agentId: string;
  identity: Identity;
  until: number;
}

/**
 * Remembers for seconds who a key belongs to. Keys that open nothing are remembered apart, so that a flood of
 * them pushes no good key out.
 */
export class KeyCache<Identity> {
  private readonly good = new Map<string, Entry<Identity>>();
  private readonly refused = new Map<string, Entry<Identity>>();
  private readonly keysOf = new Map<string, Set<string>>();
  private drops = 0;

  constructor(
    private readonly keptMs: number,
    private readonly realNow: () => number = Date.now,
  ) {}

  get(hash: string): Identity | undefined {
    const entry = this.good.get(hash) ?? this.refused.get(hash);
    if (!entry) return undefined;
    if (entry.until > this.realNow()) return entry.identity;
    this.remove(hash, entry.agentId);
    return undefined;
  }

  /**
   * Call before looking a key up. What is then handed in is remembered only if nothing was dropped meanwhile:
   * otherwise the answer may have been read before the change that dropped it.
   */
  watch(): (hash: string, agentId: string, identity: Identity) => void {
    const dropsBefore = this.drops;
    return (hash, agentId, identity) => {
      if (this.drops === dropsBefore) this.put(hash, agentId, identity);
    };
  }

  drop(agentId: string): void {
    this.drops++;
    for (const hash of this.keysOf.get(agentId) ?? []) this.remove(hash, agentId);
  }

  clear(): void {
    this.drops++;
    this.good.clear();
    this.refused.clear();
    this.keysOf.clear();
  }

  private put(hash: string, agentId: string, identity: Identity): void {
    // What was known of the key before would shadow this, or lend it its place in the line.
    this.remove(hash, agentId);
    const [entries, max] = identity === 'refused' ? [this.refused, REFUSED_MAX] : [this.good, ENTRIES_MAX];
    entries.set(hash, { agentId, identity, until: this.realNow() + this.keptMs });
    const keys = this.keysOf.get(agentId) ?? new Set();
    keys.add(hash);
    this.keysOf.set(agentId, keys);
    if (entries.size > max) {
      const [oldest, entry] = entries.entries().next().value!;
      this.remove(oldest, entry.agentId);
    }
  }

  private remove(hash: string, agentId: string): void {
    this.good.delete(hash);
    this.refused.delete(hash);
    const keys = this.keysOf.get(agentId);
    keys?.delete(hash);
    if (keys?.size === 0) this.keysOf.delete(agentId);
  }
}
