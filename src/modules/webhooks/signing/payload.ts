import { canonicalJson } from '#platform/http';
import { wireData } from '../domain/wire-data.js';
import { hexSignature } from './signatures.js';

/** One event as one agent is told of it. */
export interface Announcement {
  id: string;
  event: string;
  at: Date;
  data: unknown;
  /** Its number in the agent's inbox. */
  seq?: number;
}

/** The payload without signatures, as RFC 8785 prints it: this text is what the body's `signature` signs. */
export const payloadText = ({ id, event, at, data, seq }: Announcement): string =>
  canonicalJson({ id, event, type: event, timestamp: at.toISOString(), data: wireData(data), seq });

export const bodySignatures = (secrets: readonly string[], payload: string): string[] =>
  secrets.map((secret) => hexSignature(secret, payload));

/**
 * The bytes on the wire, again as RFC 8785 prints them. The members are sorted, so the signatures belong before the
 * last `timestamp`, behind which only the name of the event follows.
 */
export function signedBody(payload: string, [signature, ...others]: readonly string[]): string {
  const place = payload.lastIndexOf(',"timestamp":');
  const list = others.length > 0 ? `,"signatures":${JSON.stringify([signature, ...others])}` : '';
  return `${payload.slice(0, place)},"signature":${JSON.stringify(signature)}${list}${payload.slice(place)}`;
}
