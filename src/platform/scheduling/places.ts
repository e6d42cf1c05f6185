/**
 * So many at a time. A holder that takes longer than the patience may hang: it keeps what it holds, but no longer counts, so
 * those that wait go on.
 */
export class Places {
  private readonly queue: (() => void)[] = [];
  private taken = 0;

  constructor(
    private readonly max: number,
    private readonly patienceMs: number,
  ) {}

  /** Resolves with the function that gives the place back. */
  async take(): Promise<() => void> {
    if (this.taken < this.max) this.taken++;
    else await new Promise<void>((resolve) => this.queue.push(resolve));
    return this.givingBack();
  }

  private givingBack(): () => void {
    let isGiven = false;
    const give = (): void => {
      if (isGiven) return;
      isGiven = true;
      clearTimeout(timer);
      const next = this.queue.shift();
      if (next) next();
      else this.taken--;
    };
    const timer = setTimeout(give, this.patienceMs).unref();
    return give;
  }
}
