import type { Response } from 'express';

/** A reader that takes nothing for this long is gone, whatever its connection says. */
const STUCK_MS = 30_000;
const HEAD = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

/** Writes server-sent events no faster than the reader takes them. */
export class EventWriter {
  /** Aborted when the reader has gone, or when there is a reason to end. */
  readonly over: AbortSignal;
  private readonly gone = new AbortController();
  private wroteAt = performance.now();

  constructor(
    private readonly response: Response,
    ended: AbortSignal,
  ) {
    this.over = AbortSignal.any([ended, this.gone.signal]);
    response.once('close', () => this.gone.abort());
    response.writeHead(200, HEAD);
    // The head alone would wait for the first event.
    response.write(': open\n\n');
  }

  /** How long until it counts as stuck; 0 when it does. */
  silentFor(ms: number): number {
    return Math.max(0, this.wroteAt + ms - performance.now());
  }

  /** `data` is one line: JSON has no line break of its own. */
  event(id: string, name: string, data: object): Promise<void> {
    return this.write(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  heartbeat(): Promise<void> {
    return this.write(': still here\n\n');
  }

  end(): void {
    if (!this.response.writableEnded) this.response.end();
  }

  private async write(text: string): Promise<void> {
    if (this.over.aborted) return;
    this.wroteAt = performance.now();
    if (!this.response.write(text)) await this.drained();
  }

  private drained(): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        clearTimeout(stuck);
        this.response.off('drain', go);
        this.over.removeEventListener('abort', go);
        resolve();
      };
      const stuck = setTimeout(() => this.response.destroy(), STUCK_MS);
      this.response.once('drain', go);
      this.over.addEventListener('abort', go, { once: true });
    });
  }
}
