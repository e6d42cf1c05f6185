import type { Readable } from 'node:stream';

/** The beginning of a stream as text. What is longer is cut, and its connection ended rather than drained. */
export async function readAtMost(stream: Readable, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Ending it early is an error to the stream, not to us; without a listener it would end the process.
  stream.on('error', () => undefined);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk.subarray(0, maxBytes - bytes));
    bytes += chunk.length;
    if (bytes > maxBytes) break;
  }
  // `stream: true` drops a character that the cut has split, where it would otherwise become U+FFFD.
  return new TextDecoder().decode(Buffer.concat(chunks), { stream: bytes > maxBytes });
}
