import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { newRequestId } from '../ids.js';
import { MalformedRequest } from '../errors/kernel.errors.js';
import { problemOf } from './problem.js';

/** What Node itself refuses, before there is a request: broken HTTP, headers too large, a client too slow. */
const STATUS_LINES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** Even then the answer is a problem document. */
export function answerBrokenRequests(server: Server): void {
  // Both would be answered by Node with an empty body: the first is left to the application.
  (server as Server & { requireHostHeader: boolean }).requireHostHeader = false;
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const { status, requestId, body } = problemFor('417 Expectation Failed');
    response
      .writeHead(status, {
        'Content-Type': 'application/problem+json',
        'X-Request-Id': requestId,
        Connection: 'close',
      })
      .end(body);
  });
  // Express cannot take such a target apart, and answers with a page of its own before any of our handlers.
  server.prependListener('request', (request: IncomingMessage) => {
    const { url = '' } = request;
    if (!url.startsWith('/') && !URL.canParse(url))
      request.url = `/${encodeURIComponent(url.toWellFormed())}`;
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // An answer that has begun must not be continued with another one.
    const { ['_httpMessage']: answer } = socket as Socket & {
      _httpMessage?: { headersSent: boolean } | null;
    };
    if (error.code === 'ECONNRESET' || !socket.writable || answer?.headersSent) {
      socket.destroy();
      return;
    }
    const statusLine = STATUS_LINES[error.code ?? ''] ?? '400 Bad Request';
    const { requestId, body } = problemFor(statusLine);
    socket.end(
      `HTTP/1.1 ${statusLine}\r\nContent-Type: application/problem+json\r\nX-Request-Id: ${requestId}\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  });
}

function problemFor(statusLine: string): { status: number; requestId: string; body: string } {
  const status = Number.parseInt(statusLine, 10);
  const requestId = newRequestId();
  const problem = problemOf(new MalformedRequest(), { instance: '/', requestId });
  return { status, requestId, body: JSON.stringify(Object.assign(problem, { status })) };
}
