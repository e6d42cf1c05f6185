import type { IncomingMessage } from 'node:http';
import { MalformedRequest } from '#kernel/errors/kernel.errors';

/** Each piece costs a call and an object whatever its size, and a client may send a megabyte byte by byte. */
const PIECES_MAX = 4_096;

type Done = (error: Error | undefined, isWhole: boolean) => void;

/** The bytes of a body as they come: reads up to a limit, stops there, and can go on up to a higher one. */
export class IncomingBytes {
  private readonly pieces: Buffer[] = [];
  private length = 0;
  private max = 0;
  private done: Done | undefined;
  private isWhole = false;
  private isListening = false;

  constructor(private readonly request: IncomingMessage) {}

  /** Calls back once: with the whole body read, or as soon as it is known to be longer. */
  readUpTo(max: number, done: Done): void {
    this.max = max;
    if (this.isWhole || this.length > max) return done(undefined, this.isWhole && this.length <= max);
    this.done = done;
    if (this.isListening) return void this.request.resume();
    this.isListening = true;
    this.request.on('data', (piece: Buffer) => this.take(piece));
    this.request.on('end', () => {
      this.isWhole = true;
      this.tell(undefined);
    });
  }

  get all(): Buffer {
    return this.pieces.length === 1 ? this.pieces[0]! : Buffer.concat(this.pieces);
  }

  /** After a refusal Node reads on and drops what comes, so that the client sees the answer; nothing is kept of it. */
  private take(piece: Buffer): void {
    if (!this.done) return;
    this.pieces.push(piece);
    this.length += piece.length;
    if (this.length > this.max) {
      this.request.pause();
      this.tell(undefined);
    } else if (this.pieces.length > PIECES_MAX) {
      this.pieces.length = 0;
      this.tell(
        new MalformedRequest(`Send the body in larger chunks: it came in more than ${PIECES_MAX} pieces.`),
      );
    }
  }

  private tell(error: Error | undefined): void {
    const { done } = this;
    this.done = undefined;
    done?.(error, this.isWhole);
  }
}
