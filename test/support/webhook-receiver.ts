import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { listening } from './receivers.js';
import { until } from './until.js';

/** One webhook as it came. */
export interface Received {
  id: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  event: string;
}

export type Reply = number | ((received: Received, response: ServerResponse) => unknown);

/** A receiver on this machine that answers as told, by default with 204. */
export async function aWebhookReceiver(reply: Reply = 204, onPort = 0) {
  const received: Received[] = [];
  const control = { reply };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const { event } = JSON.parse(body) as { event: string };
      const { headers, url = '' } = request;
      const one = { id: String(headers['webhook-id']), path: url, headers, body, event };
      received.push(one);
      if (typeof control.reply === 'number') response.writeHead(control.reply).end();
      else control.reply(one, response);
    });
  });
  const { port, close } = await listening(server, onPort);
  const url = `http://127.0.0.1:${port}/hook`;
  const of = (event: string): Received[] => received.filter((one) => one.event === event);
  /** Waits until so many of an event have come. */
  const heard = async (event: string, count = 1): Promise<Received[]> => {
    await until(`${count} × ${event} at the receiver`, () => of(event).length >= count);
    return of(event);
  };
  return { url, port, received, of, heard, close, answer: (next: Reply) => void (control.reply = next) };
}

export type WebhookReceiver = Awaited<ReturnType<typeof aWebhookReceiver>>;
