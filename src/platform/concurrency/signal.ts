import { Logger } from '@nestjs/common';

/** A list of listeners. One that throws is logged and keeps nobody else from hearing. */
export class Signal<Args extends readonly unknown[] = []> {
  private readonly listeners = new Set<(...args: Args) => void>();
  private readonly logger = new Logger('Signal');

  constructor(private readonly name: string) {}

  on(listener: (...args: Args) => void): () => void {
    // A wrapper of its own, so that the same function may listen twice and leave once.
    const own = (...args: Args): void => listener(...args);
    this.listeners.add(own);
    return () => void this.listeners.delete(own);
  }

  emit(...args: Args): void {
    for (const listener of this.listeners) {
      try {
        listener(...args);
      } catch (error) {
        this.logger.error({ msg: 'a listener failed', signal: this.name, error: String(error) });
      }
    }
  }
}
