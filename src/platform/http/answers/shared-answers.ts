import { setImmediate } from 'node:timers/promises';
import { strongEtag } from './etag.js';

export interface Written {
  text: string;
  etag: string;
  /** What it was packed into, by coding, once somebody wanted it so. */
  packed?: Partial<Record<'br' | 'gzip', Buffer | Promise<Buffer>>>;
}

/** An answer that several wait for is written by the first, and kept as long as the answer itself. */
const TEXTS = new WeakMap<object, Written | null>();

export function writtenFor(view: object): Written {
  const kept = TEXTS.get(view);
  if (kept) return kept;
  const text = JSON.stringify(view);
  const written = { text, etag: strongEtag(text) };
  if (kept === null) TEXTS.set(view, written);
  return written;
}

/**
 * Everybody reads the same few pages: those who ask the same at the same time share the query, the view and the text.
 * Nothing is cached. A read joins only a query that has not started, so a caller sees its own commit. A query that fails
 * or takes long affects only callers that asked the same.
 */
export class SharedAnswers<View extends object> {
  private readonly next = new Map<string, Promise<View>>();
  private readonly running = new Map<string, Promise<unknown>>();

  get(key: string, read: () => Promise<View>): Promise<View> {
    const joined = this.next.get(key);
    if (joined) return joined;
    const begun = this.begin(key, read);
    this.next.set(key, begun);
    return begun;
  }

  /** At the end of the poll phase, so that everything that is already readable joins. */
  private async begin(key: string, read: () => Promise<View>): Promise<View> {
    await (this.running.get(key) ?? setImmediate());
    this.next.delete(key);
    const reading = read();
    const ended = reading.then(
      () => {},
      () => {},
    );
    this.running.set(key, ended);
    try {
      const view = await reading;
      TEXTS.set(view, null);
      return view;
    } finally {
      if (this.running.get(key) === ended) this.running.delete(key);
    }
  }
}
