import type { NextFunction, Request, Response } from 'express';
import {
  BodyTooLarge,
  InvalidFields,
  MalformedJson,
  TooManyOpenBodies,
  UnsupportedMediaType,
} from '#kernel/errors/kernel.errors';
import { currentRequest, runInRequest } from '../request-context.js';
import { inflated, type Inflate, inflateOf } from './content-encoding.js';
import { IncomingBytes } from './incoming-bytes.js';
import { type Bound, brokenBound, DEPTH_MAX, OBJECTS_MAX, VALUES_MAX } from './json-shape.js';
import type { OpenBodies } from './open-bodies.js';

/** What any operation takes, and what is read before it is known who sends it. */
export const BODY_BYTES_MAX = 65_536;
/** A client that goes on sending after it was answered is cut off then. */
const LINGER_MS = 2_000;

/**
 * Reads a body of up to 64 KiB. A longer one is left unread until the guards have let its sender through: see
 * `BodyGuard` and `@BodyLimit`.
 */
export function readBody(request: Request, response: Response, next: NextFunction, open: OpenBodies): void {
  const length = lengthOf(request);
  if (!(length <= BODY_BYTES_MAX)) cutOffAfterAnswer(request, response);
  refuseForeign(request);
  const body = new JsonBody(request, open);
  if (length > BODY_BYTES_MAX) {
    unread.set(request, body);
    return next();
  }
  body.read(BODY_BYTES_MAX, (error, isRead) => {
    if (!error && !isRead) unread.set(request, body);
    next(error);
  });
}

const unread = new WeakMap<Request, JsonBody>();

export const hasUnreadBody = (request: Request): boolean => unread.has(request);

/** Reads what `readBody` has left, if anything. */
export function readLongBody(request: Request, bytesMax: number): Promise<void> {
  const body = unread.get(request);
  if (!body) return Promise.resolve();
  unread.delete(request);
  return new Promise((resolve, reject) => {
    body.read(bytesMax, (error, isRead) => {
      if (error) reject(error);
      else if (!isRead) reject(new BodyTooLarge(bytesMax));
      else resolve();
    });
  });
}

/**
 * Node reads and drops what an answered request still sends, so that its client sees the answer. Without an end to
 * that, it would do so for as long as the client likes.
 */
export function cutOffAfterAnswer(request: Request, response: Response): void {
  response.on('finish', () => {
    if (request.complete) return;
    const cutOff = (): void => {
      if (!request.complete) request.socket.destroy();
    };
    setTimeout(cutOff, LINGER_MS).unref();
  });
}

/** NaN where the body comes in chunks and nobody knows. */
const lengthOf = ({ headers }: Request): number => Number(headers['content-length']);

const PLAIN_UTF8 = 'application/json; charset=utf-8';
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)/i;

/** JSON or nothing: a form that a browser sends from another site is refused before anyone reads it. */
function refuseForeign(request: Request): void {
  const type = request.headers['content-type'];
  if (type === 'application/json' || type === PLAIN_UTF8) return;
  if (type === undefined || !request.is('json')) throw new UnsupportedMediaType();
  const charset = CHARSET.exec(type)?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset)) throw notUtf8();
}

const notUtf8 = (): UnsupportedMediaType => new UnsupportedMediaType('The body is not encoded as UTF-8.');

/** Calls back with whether the body was read; it is not when it is longer than what was asked for. */
type Done = (error: Error | undefined, isRead: boolean) => void;

class JsonBody {
  private readonly bytes: IncomingBytes;
  private readonly inflate: Inflate | undefined;
  // The stream's events come from the socket, outside of the request's context.
  private readonly context = currentRequest();

  constructor(
    private readonly request: Request,
    private readonly openBodies: OpenBodies,
  ) {
    this.inflate = inflateOf(request.headers['content-encoding']);
    this.bytes = new IncomingBytes(request);
  }

  read(bytesMax: number, done: Done): void {
    const length = lengthOf(this.request);
    if (length > bytesMax) return done(undefined, false);
    const close = this.openBodies.open(this.request.ip, Number.isNaN(length) ? bytesMax : length);
    if (!close) return done(new TooManyOpenBodies(), false);
    this.request.on('close', close);
    this.bytes.readUpTo(bytesMax, (error, isWhole) => {
      close();
      const goOn = (): void => {
        if (error || !isWhole) done(error, false);
        else if (this.inflate) inflated(this.inflate, this.bytes.all, bytesMax, this.parsing(done));
        else this.parsing(done)(undefined, this.bytes.all);
      };
      if (this.context) runInRequest(this.context, goOn);
      else goOn();
    });
  }

  private parsing(done: Done): (error: Error | undefined, text: Buffer | undefined) => void {
    return (error, text) => {
      if (error || !text) return done(error, false);
      try {
        if (text.length > 0) this.request.body = parsed(text);
      } catch (thrown) {
        return done(thrown as Error, false);
      }
      done(undefined, true);
    };
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function parsed(bytes: Buffer): unknown {
  const text = decoded(bytes);
  const bound = brokenBound(bytes);
  if (bound) throw new InvalidFields([{ in: 'body', pointer: '', rule: bound, message: TOO_MUCH[bound] }]);
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedJson();
  }
}

const TOO_MUCH: Readonly<Record<Bound, string>> = {
  depth: `Nest at most ${DEPTH_MAX} levels deep.`,
  values: `Send at most ${VALUES_MAX} values.`,
  objects: `Send at most ${OBJECTS_MAX} lists and objects.`,
};

/** The decoder takes off the byte order mark that some clients send and JSON does not know. */
function decoded(bytes: Buffer): string {
  // JSON begins with an ASCII character; a zero among the first two bytes is UTF-16 or UTF-32 (RFC 4627, section 3).
  if (bytes[0] === 0 || bytes[1] === 0) throw notUtf8();
  try {
    return UTF8.decode(bytes);
  } catch {
    throw notUtf8();
  }
}
