import { createHmac } from 'node:crypto';

/** The signature in the body and of the raw body: keyed with the secret as it is shown. */
export const hexSignature = (secret: string, text: string): string =>
  `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;

/** A receiver's guard against old requests sent again. It is judged by the receiver's clock, so it is real time. */
export interface Stamp {
  id: string;
  seconds: number;
}

/** What Standard Webhooks signs. */
export const standardText = ({ id, seconds }: Stamp, body: string): string => `${id}.${seconds}.${body}`;

/** Keyed with the bytes that the part behind `whsec_` stands for. */
const standardSignature = (secret: string, text: string): string =>
  `v1,${createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .update(text)
    .digest('base64')}`;

/** Made afresh for each attempt. While a secret is rotated the old one comes first and both have signed. */
export function signatureHeaders(
  secrets: readonly string[],
  stamp: Stamp,
  body: string,
): Record<string, string> {
  const text = standardText(stamp, body);
  const [signature, next] = secrets.map((secret) => hexSignature(secret, body));
  return {
    'webhook-id': stamp.id,
    'webhook-timestamp': String(stamp.seconds),
    'webhook-signature': secrets.map((secret) => standardSignature(secret, text)).join(' '),
    'x-webhook-signature': signature!,
    // A header of its own: receivers that compare the other one as a whole go on through a rotation.
    ...(next !== undefined && { 'x-webhook-signature-next': next }),
  };
}
