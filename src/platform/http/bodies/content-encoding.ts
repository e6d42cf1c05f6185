import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { MalformedRequest, UnsupportedMediaType } from '#kernel/errors/kernel.errors';

export type Inflate = typeof gunzip;

const INFLATES: ReadonlyMap<string, Inflate> = new Map<string, Inflate>([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', inflate],
  ['br', brotliDecompress],
]);

/** What undoes a `Content-Encoding`; undefined where there is nothing to undo. */
export function inflateOf(encoding: string | undefined): Inflate | undefined {
  if (encoding === undefined) return undefined;
  const name = encoding.trim().toLowerCase();
  if (name === 'identity' || name === '') return undefined;
  const found = INFLATES.get(name);
  if (!found) throw new UnsupportedMediaType('The content encoding of the body is not known here.');
  return found;
}

/** Calls back with nothing when the contents are longer than `bytesMax`: no more than that is ever inflated. */
export function inflated(
  undo: Inflate,
  bytes: Buffer,
  bytesMax: number,
  done: (error: Error | undefined, contents: Buffer | undefined) => void,
): void {
  undo(bytes, { maxOutputLength: bytesMax }, (error, contents) => {
    if (!error) return done(undefined, contents);
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return done(undefined, undefined);
    done(new MalformedRequest('The body is not what its Content-Encoding says.'), undefined);
  });
}
