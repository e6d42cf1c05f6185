/** Something that everybody asks for and that may be some seconds old: read once however many ask. */
export class Kept<T> {
  private kept: { at: number; value: Promise<T> } | undefined;

  constructor(
    private readonly freshMs: number,
    private readonly read: () => Promise<T>,
  ) {}

  get(): Promise<T> {
    const now = performance.now();
    if (!this.kept || now - this.kept.at > this.freshMs) {
      const value = this.read();
      this.kept = { at: now, value };
      value.catch(() => (this.kept = undefined));
    }
    return this.kept.value;
  }
}
