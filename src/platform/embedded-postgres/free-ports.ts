import { createHash } from 'node:crypto';
import net from 'node:net';

/** The system's own PostgreSQL has 5432. */
const FIRST = 5433;
const NEIGHBOURS = 200;

/**
 * Ports that nobody listens on now: the wished ones first, at last any that the system has. Each home begins its
 * search at a port of its own: a server that is down for a moment finds no other home's in its place.
 */
export async function* freePorts(
  home: string,
  wished: readonly (number | undefined)[],
): AsyncGenerator<number> {
  const begin = createHash('sha256').update(home).digest().readUInt32BE() % NEIGHBOURS;
  const neighbours = Array.from({ length: NEIGHBOURS }, (_, index) => FIRST + ((begin + index) % NEIGHBOURS));
  for (const port of new Set([...wished, ...neighbours])) if (port && (await freePort(port))) yield port;
  for (;;) {
    const any = await freePort(0);
    if (any !== undefined) yield any;
  }
}

function freePort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const { port: given } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(given));
    });
  });
}
