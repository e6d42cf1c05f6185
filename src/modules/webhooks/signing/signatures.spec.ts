import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { canonicalJson } from '#platform/http';
import { type Announcement, bodySignatures, payloadText, signedBody } from './payload.js';
import { signatureHeaders } from './signatures.js';

interface Vector {
  name: string;
  secrets: string[];
  announcement: Omit<Announcement, 'at'> & { at: string };
  payload: string;
  body: string;
  headers: Record<string, string>;
}

/** Made with Python's json, hmac and base64, not with this program. */
const VECTORS = JSON.parse(readFileSync('test/vectors/webhook-signatures.json', 'utf8')) as Vector[];

describe('A signature', () => {
  it.each(VECTORS)(
    'is that of the golden vector: $name',
    ({ secrets, announcement, payload, ...expected }) => {
      const text = payloadText({ ...announcement, at: new Date(announcement.at) });
      expect(text).toBe(payload);
      const body = signedBody(text, bodySignatures(secrets, text));
      expect(body).toBe(expected.body);
      const stamp = { id: announcement.id, seconds: Number(expected.headers['webhook-timestamp']) };
      expect(signatureHeaders(secrets, stamp, body)).toEqual(expected.headers);
    },
  );

  it('stands in the body where RFC 8785 puts it, whatever the data', () => {
    const at = new Date('2026-03-12T18:00:00Z');
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 1 }), fc.boolean(), (value, seq, isRotating) => {
        const data = { value, timestamp: ',"timestamp":"x"', type: 'x' };
        const text = payloadText({ id: 'evt_1', event: 'points.sent', at, data, seq });
        const body = signedBody(text, isRotating ? ['sha256=a', 'sha256=b'] : ['sha256=a']);
        expect(canonicalJson(JSON.parse(body))).toBe(body);
        const { signature, signatures, ...rest } = JSON.parse(body) as Record<string, unknown>;
        expect([signature, signatures]).toEqual([
          'sha256=a',
          isRotating ? ['sha256=a', 'sha256=b'] : undefined,
        ]);
        // What a receiver in JavaScript does: no sorting, only parse and print.
        expect(JSON.stringify(rest)).toBe(text);
      }),
    );
  });
});
