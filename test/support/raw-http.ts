import { connect } from 'node:net';

export interface RawAnswer {
  status: number;
  headers: ReadonlyMap<string, string>;
  body: string;
}

/**
 * Sends these bytes and no more, and reads to the end. Undefined when the server closed without a word; an error
 * when it was silent for too long.
 */
export function sendRaw(
  port: number,
  { bytes, breaksOff }: { bytes: Buffer; breaksOff: boolean },
  silentMsMax: number,
): Promise<RawAnswer | undefined> {
  return new Promise((resolve, reject) => {
    const received: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const finish = (): void => {
      socket.destroy();
      resolve(parse(Buffer.concat(received).toString('latin1')));
    };
    socket.setTimeout(silentMsMax, () => {
      socket.destroy();
      reject(new Error(`The server was silent for ${silentMsMax} ms.`));
    });
    socket.on('data', (chunk) => received.push(chunk));
    socket.on('end', finish);
    // It may close while we are still sending what it does not want.
    socket.on('error', finish);
    // A server may leave a caller alone who says that no more will come, so only those say it who break off.
    if (breaksOff) socket.end(bytes);
    else socket.write(bytes);
  });
}

function parse(text: string): RawAnswer | undefined {
  const final = text.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '');
  const end = final.indexOf('\r\n\r\n');
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(final)?.[1];
  if (end < 0 || status === undefined) return undefined;
  const lines = final.slice(0, end).split('\r\n').slice(1);
  const headers = new Map(lines.map((line) => split(line)));
  const body = final.slice(end + 4);
  const whole = headers.get('transfer-encoding') === 'chunked' ? joined(body) : body;
  // What follows the announced length answers whatever else was in the bytes.
  const first = whole.slice(0, Number(headers.get('content-length') ?? whole.length));
  return { status: Number(status), headers, body: Buffer.from(first, 'latin1').toString() };
}

function split(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

function joined(body: string): string {
  let rest = body;
  let whole = '';
  for (;;) {
    const end = rest.indexOf('\r\n');
    const size = Number.parseInt(rest.slice(0, end), 16);
    if (end < 0 || !(size > 0)) return whole;
    whole += rest.slice(end + 2, end + 2 + size);
    rest = rest.slice(end + 4 + size);
  }
}
