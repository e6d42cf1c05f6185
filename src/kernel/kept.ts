/** Something that everybody asks for and that may be so old: read once however many ask. A failure is not kept. */
export class Kept<Value> {
  private kept: { at: number; value: Promise<Value> } | undefined;

  constructor(private readonly freshMs: number) {}

  get(read: () => Promise<Value>): Promise<Value> {
    const now = performance.now();
    if (this.kept && now - this.kept.at <= this.freshMs) return this.kept.value;
    const kept = (this.kept = { at: now, value: read() });
    // By then a later reading may stand in its place.
    kept.value.catch(() => {
      if (this.kept === kept) this.kept = undefined;
    });
    return kept.value;
  }
}
