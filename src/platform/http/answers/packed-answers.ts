import type { Request, Response } from 'express';
import { promisify } from 'node:util';
import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync } from 'node:zlib';
import type { Written } from './shared-answers.js';

export type Coding = 'br' | 'gzip';

/** Below this an answer fits a few packets, and packing costs more than it saves. */
const PACKED_FROM = 8 * 1024;
/** Above this another thread packs: a millisecond on this one delays everybody else. */
const PACKED_ASIDE_FROM = 256 * 1024;

/** As small as gzip at its third level, in half of its time. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
const GZIP = { level: 1, chunkSize: 64 * 1024 };

const packHere = {
  br: (text: string): Buffer => brotliCompressSync(text, BROTLI),
  gzip: (text: string): Buffer => gzipSync(text, GZIP),
};
const brotliAside = promisify(brotliCompress);
const gzipAside = promisify(gzip) as (text: string, options: typeof GZIP) => Promise<Buffer>;
const packAside = {
  br: (text: string): Promise<Buffer> => brotliAside(text, BROTLI),
  gzip: (text: string): Promise<Buffer> => gzipAside(text, GZIP),
};

/** Answers JSON with its ETag, 304 for a version that the caller has, packed where it is large and may be. */
export function sendJson(response: Response, written: Written): void {
  if (!response.hasHeader('Content-Type'))
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
  sendText(response, written);
}

/** The same for any text, whose type the response already has. */
export function sendText(response: Response, written: Written): void {
  const { text, etag } = written;
  const { req } = response;
  const length = Buffer.byteLength(text);
  const coding = length < PACKED_FROM ? undefined : codingFor(req);
  if (length >= PACKED_FROM) response.vary('Accept-Encoding');
  // Other bytes are another representation, and a strong ETag may not be that of both.
  response.setHeader('ETag', coding ? `${etag.slice(0, -1)}-${coding}"` : etag);
  if (req.headers['if-none-match'] !== undefined && req.fresh) {
    response.removeHeader('Content-Type');
    response.statusCode = 304;
    response.end();
  } else if (coding === undefined) {
    end(response, text, length);
  } else if (length < PACKED_ASIDE_FROM) {
    endPacked(response, coding, packedOnce(written, coding, packHere[coding]) as Buffer);
  } else {
    Promise.resolve(packedOnce(written, coding, packAside[coding])).then(
      (packed) => endPacked(response, coding, packed),
      // zlib fails only for want of memory.
      () => response.destroy(),
    );
  }
}

/** Who shares an answer shares its packing. */
function packedOnce(
  written: Written,
  coding: Coding,
  pack: (text: string) => Buffer | Promise<Buffer>,
): Buffer | Promise<Buffer> {
  written.packed ??= {};
  return (written.packed[coding] ??= pack(written.text));
}

/** Brotli where it is taken: for these levels it is both smaller and quicker. */
export function codingFor(request: Request): Coding | undefined {
  if (request.headers['accept-encoding'] === undefined) return undefined;
  if (request.acceptsEncodings('br') === 'br') return 'br';
  return request.acceptsEncodings('gzip') === 'gzip' ? 'gzip' : undefined;
}

function endPacked(response: Response, coding: Coding, packed: Buffer): void {
  response.setHeader('Content-Encoding', coding);
  end(response, packed, packed.length);
}

function end(response: Response, body: string | Buffer, length: number): void {
  response.setHeader('Content-Length', length);
  if (response.req.method === 'HEAD') response.end();
  else response.end(body);
}
