import type { Logger } from '@nestjs/common';

const POLL_MS = 1_000;
const PAUSE_MAX_MS = 30_000;

/**
 * Runs one piece of work over and over, never twice at once: at a kick, and now and then in case a kick was
 * lost. After a failure it pauses, longer each time. The work says whether there is more to do at once.
 */
export class Lane {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private kicked = false;
  private stopped = true;
  private failures = 0;

  constructor(
    private readonly work: () => Promise<boolean>,
    private readonly logger: Logger,
    private readonly pollMs = POLL_MS,
  ) {}

  start(): void {
    this.stopped = false;
    this.kick();
  }

  kick(): void {
    this.kicked = true;
    // A lane that has just failed waits out its pause: a kick must not turn a fault into a storm.
    if (!this.running && this.failures === 0) this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async loop(): Promise<void> {
    while (this.kicked && !this.stopped) {
      this.kicked = false;
      try {
        this.kicked = (await this.work()) || this.kicked;
        this.failures = 0;
      } catch (error) {
        this.failures++;
        if (!this.stopped)
          this.logger.error({ msg: 'background work failed', failures: this.failures, error });
        return;
      }
    }
  }

  private run(): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.running = this.loop().finally(() => {
      this.running = undefined;
      if (this.kicked && this.failures === 0) this.run();
      else this.sleep();
    });
  }

  private sleep(): void {
    if (this.stopped) return;
    const pause = this.failures === 0 ? this.pollMs : Math.min(100 * 2 ** this.failures, PAUSE_MAX_MS);
    this.timer = setTimeout(() => {
      this.kicked = true;
      this.run();
    }, pause);
    // Only what is done inside a pause keeps the process alive, not the pause itself.
    this.timer.unref();
  }
}
