import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
/** Bytes from here on would make the first letters of the alphabet likelier. */
const FAIR_BYTES = 256 - (256 % ALPHABET.length);

/** The platform as an agent: it issues the points, and posts tasks of its own. */
export const SYSTEM_AGENT_ID = 'agt_system';

export type IdPrefix = 'agt' | 'tsk' | 'bid' | 'sub' | 'val' | 'dsp' | 'opk' | 'aud';

/**
 * A resource id: a prefix and eight letters and digits, so that it fits VARCHAR(12). In a large table one is taken once in
 * a while: the unit of work then starts over, and another is drawn.
 */
export const newId = (prefix: IdPrefix): string => `${prefix}_${randomLetters(8)}`;

/** Events and requests outnumber resources by far, so their ids are longer. */
export const newEventId = (): string => `evt_${randomLetters(20)}`;
export const newRequestId = (): string => `req_${randomLetters(16)}`;

let pool = Buffer.alloc(0);
let used = 0;

function randomLetters(count: number): string {
  let letters = '';
  while (letters.length < count) {
    if (used === pool.length) {
      pool = randomBytes(512);
      used = 0;
    }
    const byte = pool[used++]!;
    if (byte < FAIR_BYTES) letters += ALPHABET[byte % ALPHABET.length];
  }
  return letters;
}
