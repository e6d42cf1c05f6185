import { hash } from 'node:crypto';

/**
 * As Express makes its own, in one call: the hash object that it builds for each answer costs more than the hash. A text
 * and its bytes have the same one.
 */
export const strongEtag = (body: Buffer | string): string =>
  `"${Buffer.byteLength(body).toString(16)}-${hash('sha1', body, 'base64url')}"`;
