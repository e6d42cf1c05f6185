import { hash } from 'node:crypto';

/** In one call: a hash object for each request costs three times as much. */
export const sha256 = (text: string | Buffer): Buffer => hash('sha256', text, 'buffer');
