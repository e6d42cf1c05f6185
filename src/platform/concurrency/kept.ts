/**
 * Something that everybody asks for and that may be so old: read once however many ask. A failure is not kept.
 *
 * With a rest, readings never overlap, and one that took long is kept for so many times as long as it took: what grows
 * with the installation then takes a bounded share of the time, however often it is asked for.
 */
export class Kept<Value> {
  private kept: { at: number; value: Promise<Value>; freshMs: number } | undefined;

  constructor(
    private readonly freshMs: number,
    private readonly rest = 0,
  ) {}

  get(read: () => Promise<Value>): Promise<Value> {
    const at = performance.now();
    if (this.kept && at - this.kept.at <= this.kept.freshMs) return this.kept.value;
    const kept = { at, value: read(), freshMs: this.rest > 0 ? Infinity : this.freshMs };
    this.kept = kept;
    kept.value.then(
      () => (kept.freshMs = Math.max(this.freshMs, this.rest * (performance.now() - at))),
      // By then a later reading may stand in its place.
      () => {
        if (this.kept === kept) this.kept = undefined;
      },
    );
    return kept.value;
  }
}
