import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';

/** One request as a receiver has heard it. */
export interface Heard {
  method?: string;
  url?: string;
  host?: string;
  type?: string;
  body: string;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A real HTTP server on this machine that notes what it hears and answers as told. */
export async function aReceiver(answer: Answer) {
  const requests: Heard[] = [];
  const server = createServer((request, response) => void hear(request, response, requests, answer));
  return { ...(await listening(server)), requests };
}

export async function aTlsReceiver(identity: { cert: string; key: string }, answer: Answer) {
  const requests: Heard[] = [];
  const server = createTlsServer(
    identity,
    (request, response) => void hear(request, response, requests, answer),
  );
  return { ...(await listening(server)), requests };
}

/** Any server, on a free port unless one is named, with every connection that was ever made to it. */
export async function listening(server: Server, onPort = 0) {
  const connections: Socket[] = [];
  server.on('connection', (socket) => {
    socket.on('error', () => undefined);
    connections.push(socket);
  });
  server.listen(onPort, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    if (!server.listening) return;
    for (const socket of connections) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  whenDone(close);
  return { port: (server.address() as AddressInfo).port, connections, close };
}

/** Resolves when the other side, or we, have closed the connection. */
export const ended = (socket: Socket): Promise<void> =>
  new Promise((resolve) => (socket.destroyed ? resolve() : socket.once('close', () => resolve())));

const steps: (() => unknown)[] = [];

export const whenDone = (step: () => unknown): void => void steps.push(step);

/** For `afterEach`: undoes what the test has begun, last things first. */
export async function tidyUp(): Promise<void> {
  for (let step = steps.pop(); step; step = steps.pop()) await step();
}

async function hear(request: IncomingMessage, response: ServerResponse, heard: Heard[], answer: Answer) {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const { method, url, headers } = request;
  heard.push({ method, url, host: headers.host, type: headers['content-type'], body });
  await answer(request, response);
}
