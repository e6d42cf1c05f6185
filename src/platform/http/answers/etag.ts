import { hash } from 'node:crypto';

/**
 * As Express makes its own, in one call: the hash object that it builds for each answer costs more than the hash. A text
 * and its bytes have the same one.
 */
export const strongEtag = (body: Buffer | string): string =>
  `"${Buffer.byteLength(body).toString(16)}-${hash('sha1', body, 'base64url')}"`;

/** Whether an `If-None-Match` names this version, in whichever coding and by whichever proxy it was passed on. */
export const namesVersion = (ifNoneMatch: string, etag: string): boolean =>
  ifNoneMatch.trim() === '*' ||
  ifNoneMatch.split(',').some(
    (tag) =>
      tag
        .trim()
        .replace(/^W\//, '')
        .replace(/-(?:br|gzip)"$/, '"') === etag,
  );
