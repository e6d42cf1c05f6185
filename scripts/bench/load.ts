import autocannon from 'autocannon';
import { randomBytes } from 'node:crypto';

/** What one round sends, as JSON in the only argument; each connection takes the next of the authorizations. */
export interface Load {
  url: string;
  seconds: number;
  connections: number;
  authorizations: readonly string[];
  /** As browsers send it. */
  acceptEncoding?: string;
  /** A fresh key for each request, of this agent. */
  freshKeysOf?: string;
}

export interface LoadResult {
  requests: number;
  seconds: number;
  p99Ms: number;
  statuses: Readonly<Record<string, number>>;
}

/** Drives a server from a process of its own, so that its CPU is not the server's. */
async function main(): Promise<void> {
  const load = JSON.parse(process.argv[2]!) as Load;
  let next = 0;
  const result = await autocannon({
    url: load.url,
    connections: load.connections,
    duration: load.seconds,
    requests: [
      {
        method: 'GET',
        setupRequest: (request) => ({ ...request, headers: headersOf(load, next++) }),
      },
    ],
  });
  const statuses = Object.entries(result.statusCodeStats ?? {}).map(([status, { count }]) => [status, count]);
  const told: LoadResult = {
    requests: result.requests.total,
    seconds: result.duration,
    p99Ms: result.latency.p99,
    statuses: Object.fromEntries(statuses) as Record<string, number>,
  };
  console.log(JSON.stringify(told));
}

function headersOf(load: Load, turn: number): Record<string, string> {
  const { acceptEncoding } = load;
  return { ...(acceptEncoding && { 'accept-encoding': acceptEncoding }), ...keyOf(load, turn) };
}

function keyOf({ authorizations, freshKeysOf }: Load, turn: number): Record<string, string> {
  if (freshKeysOf) return { authorization: `Bearer axe_${freshKeysOf}_${randomBytes(32).toString('hex')}` };
  const authorization = authorizations[turn % authorizations.length];
  return authorization ? { authorization: `Bearer ${authorization}` } : {};
}

await main();
