import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  body: Buffer;
}

/**
 * One connection on which one request follows the other. Driver and server share the machine, and what the driver
 * spends, the server does not have: so it reads of an answer its status and where it ends, and nothing else.
 */
export class Lane {
  private heard: Buffer | undefined;
  private answered: ((answer: Answer) => void) | undefined;
  private broken: ((error: Error) => void) | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly host: string,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.hear(chunk));
    socket.on('error', (error) => this.broken?.(error));
    socket.on('close', () => this.broken?.(new Error('The server closed the connection.')));
  }

  static async to(url: string): Promise<Lane> {
    const { hostname, port, host } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new Lane(socket, host);
  }

  /** Headers are whole lines, as they stand in the request. */
  send(method: string, target: string, headers = '', body?: string): Promise<Answer> {
    const length = body === undefined ? '' : `content-length: ${Buffer.byteLength(body)}\r\n`;
    const host = headers.startsWith('host:') ? '' : `host: ${this.host}\r\n`;
    return new Promise((answered, broken) => {
      this.answered = answered;
      this.broken = broken;
      this.socket.write(`${method} ${target} HTTP/1.1\r\n${headers}${host}${length}\r\n${body ?? ''}`);
    });
  }

  close(): void {
    this.broken = undefined;
    this.socket.destroy();
  }

  private hear(chunk: Buffer): void {
    const heard = this.heard === undefined ? chunk : Buffer.concat([this.heard, chunk]);
    const body = bodyOf(heard);
    this.heard = body === undefined ? heard : undefined;
    if (body !== undefined) this.answered?.({ status: Number(heard.toString('latin1', 9, 12)), body });
  }
}

/** Undefined until all of it is there. */
function bodyOf(heard: Buffer): Buffer | undefined {
  const headEnd = heard.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = heard.toString('latin1', 0, headEnd);
  const begin = headEnd + HEAD_END.length;
  const length = /\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (length !== undefined) return heard.length >= begin + Number(length) ? heard.subarray(begin) : undefined;
  if (!/\ntransfer-encoding: chunked/i.test(head)) return heard.subarray(begin);
  return heard.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK) ? heard.subarray(begin) : undefined;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n');
