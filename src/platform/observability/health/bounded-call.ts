/** The work did not answer in its time. It may still be running. */
export class TooLate extends Error {}

/**
 * Asks a question that may hang. The caller waits no longer than the limit, and a question that still hangs is
 * not asked again, so that probes do not pile up on a database that does not answer.
 */
export class BoundedCall<T> {
  private running?: Promise<T>;
  private isOverdue = false;

  constructor(
    private readonly limitMs: number,
    private readonly work: () => T | Promise<T>,
  ) {}

  async run(): Promise<T> {
    if (this.isOverdue) throw new TooLate();
    this.running ??= this.start();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.isOverdue = true;
        reject(new TooLate());
      }, this.limitMs);
    });
    try {
      return await Promise.race([this.running, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Begins a turn later, so that work which throws at once is over only after it was noted as running. */
  private start(): Promise<T> {
    return Promise.resolve()
      .then(() => this.work())
      .finally(() => {
        this.running = undefined;
        this.isOverdue = false;
      });
  }
}
