import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ExpectationFailed, RequestHeadersTooLarge, RequestTimeout } from '#kernel/errors/connection.errors';
import type { DomainError } from '#kernel/errors/domain-error';
import { MalformedRequest } from '#kernel/errors/kernel.errors';
import { STATUS_OF } from '#kernel/errors/status';
import { newRequestId } from '#kernel/ids';
import { problemOf } from '../problems/problem.js';

/** What Node itself refuses, before there is a request: broken HTTP, headers too large, a client too slow. */
const ERRORS: Readonly<Record<string, new () => DomainError>> = {
  HPE_HEADER_OVERFLOW: RequestHeadersTooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: RequestTimeout,
};

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

interface ClientError extends NodeJS.ErrnoException {
  /** What was being parsed. */
  rawPacket?: Buffer;
}

/** An answer that Node has begun on a connection. */
interface Begun {
  headersSent: boolean;
  req?: IncomingMessage;
}

/** Even then the answer is a problem document. */
export function answerBrokenRequests(server: Server): void {
  // Both would be answered by Node with an empty body: the first is left to the application.
  (server as Server & { requireHostHeader: boolean }).requireHostHeader = false;
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const { status, requestId, body } = problemFor(new ExpectationFailed(), pathOf(request.url));
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
  server.on('clientError', (error: ClientError, socket: Socket) => {
    const { ['_httpMessage']: begun } = socket as Socket & { _httpMessage?: Begun | null };
    // An answer that has begun must not be continued with another one.
    if (error.code === 'ECONNRESET' || !socket.writable || begun?.headersSent) {
      socket.destroy();
      return;
    }
    const refusal = new (ERRORS[error.code ?? ''] ?? MalformedRequest)();
    const { status, requestId, body } = problemFor(
      refusal,
      pathOf(begun?.req?.url ?? targetIn(error.rawPacket)),
    );
    socket.end(
      `HTTP/1.1 ${status} ${REASONS[status]}\r\nContent-Type: application/problem+json\r\nX-Request-Id: ${requestId}\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  });
}

const TARGET = /^[A-Z-]{1,20} (\/[\x21-\x7e]*)/;

/** Long headers may come in several packets, of which Node shows the last: then the target is not known any more. */
const targetIn = (packet: Buffer | undefined): string | undefined =>
  packet && TARGET.exec(packet.toString('latin1'))?.[1];

/** A long path is cut, because the answer must not be many times what was sent. */
const pathOf = (target = '/'): string => target.split('?', 1)[0]!.slice(0, 2_048) || '/';

function problemFor(
  error: DomainError,
  instance: string,
): { status: number; requestId: string; body: string } {
  const requestId = newRequestId();
  const status = STATUS_OF[error.type.kind];
  return { status, requestId, body: JSON.stringify(problemOf(error, { instance, requestId })) };
}
