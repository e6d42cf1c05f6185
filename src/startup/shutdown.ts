import type { NestExpressApplication } from '@nestjs/platform-express';
import cluster from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';

/** A connection that turned idle only now would hold the server for its keep-alive time. */
const CLOSE_IDLE_EVERY_MS = 25;
/** And nothing at all may hold it for longer. */
const CLOSE_ALL_AFTER_MS = 10_000;
/** What is just being started is let come to its end, unless it hangs. */
const OPENING_MS_MAX = 5_000;
/**
 * One Ctrl-C may arrive twice: from the terminal, which signals everybody in it, and from npm, which passes on
 * what it got. Only what comes later is a second wish.
 */
const SAME_WISH_MS = 1_000;

/** Ends the program on a signal: what was opened last is closed first, and a second signal ends it at once. */
export class Shutdown {
  private readonly steps: (() => Promise<void>)[] = [];
  private readonly asked = new AbortController();
  private askedAt = 0;
  private opening: Promise<unknown> = Promise.resolve();

  constructor() {
    for (const signal of signals()) process.on(signal, () => this.signalled());
    // The terminal asks the children of a cluster as well, but their parent decides.
    if (cluster.isWorker) process.on('SIGINT', () => {});
    process.on('uncaughtException', (error) => this.broken(error));
    process.on('unhandledRejection', (reason) => this.broken(reason));
    // Whoever read the log has gone; that is no reason to stop.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  }

  get requested(): boolean {
    return this.asked.signal.aborted;
  }

  /** Opens what must be closed at the end. Rejects when the end has been asked for meanwhile. */
  async open<T>(
    begin: (leaving: AbortSignal) => Promise<T>,
    close?: (opened: T) => Promise<void>,
  ): Promise<T> {
    this.asked.signal.throwIfAborted();
    const opening = begin(this.asked.signal).then((opened) => {
      if (close) this.steps.push(() => close(opened));
      return opened;
    });
    this.opening = opening.catch(() => undefined);
    const opened = await opening;
    this.asked.signal.throwIfAborted();
    return opened;
  }

  async now(code: number): Promise<void> {
    if (this.requested) return;
    this.askedAt = performance.now();
    this.asked.abort();
    // Half open it could not be closed: a database that still has our sessions would not stop, for one.
    await Promise.race([this.opening, sleep(OPENING_MS_MAX)]);
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      await step().catch((error: unknown) => console.error('While stopping:', error));
    }
    process.exit(code);
  }

  private signalled(): void {
    if (this.requested && performance.now() - this.askedAt > SAME_WISH_MS) process.exit(1);
    void this.now(0);
  }

  /** After an error that nobody expected nothing can be relied on: a fresh process is better than a sick one. */
  private broken(error: unknown): void {
    console.error('UpMoltWork stops, because of an error that nobody caught:', error);
    void this.now(1);
  }
}

/** Lets requests that are being answered come to their end, and nobody else hold the server up. */
export async function closeApp(app: NestExpressApplication): Promise<void> {
  const server = app.getHttpServer();
  const idle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  const all = setTimeout(() => server.closeAllConnections(), CLOSE_ALL_AFTER_MS);
  await app.close();
  clearInterval(idle);
  clearTimeout(all);
}

function signals(): NodeJS.Signals[] {
  if (cluster.isWorker) return ['SIGTERM'];
  // A closed terminal ends what was started in it, but not what nohup has detached from it.
  return process.stdout.isTTY ? ['SIGINT', 'SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM'];
}
