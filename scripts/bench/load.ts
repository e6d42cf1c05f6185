import { randomBytes } from 'node:crypto';
import { type Driven, driveLanes } from './lanes.js';

/** What one round sends, as JSON in the only argument; each request takes the next of the authorizations. */
export interface Load {
  url: string;
  /** Paths with queries, for each request the next of them, so that no two side by side ask the same. */
  targets?: readonly string[];
  seconds: number;
  connections: number;
  authorizations: readonly string[];
  /** As browsers send it. */
  acceptEncoding?: string;
  /** A fresh key for each request, of this agent. */
  freshKeysOf?: string;
  /** Another name of the server for each request: what it keeps by name, it makes anew. */
  freshHosts?: boolean;
}

export type LoadResult = Driven;

/** Drives a server from a process of its own, so that its CPU is not the server's. */
async function main(): Promise<void> {
  const load = JSON.parse(process.argv[2]!) as Load;
  const { pathname, search } = new URL(load.url);
  const targets = load.targets ?? [pathname + search];
  let turn = 0;
  const result: LoadResult = await driveLanes(load, (lane) =>
    lane.send('GET', targets[turn % targets.length]!, headersOf(load, turn++)),
  );
  console.log(JSON.stringify(result));
}

function headersOf(load: Load, turn: number): string {
  const { acceptEncoding, freshHosts } = load;
  const host = freshHosts ? `host: name-${turn}.example.com\r\n` : '';
  return host + (acceptEncoding ? `accept-encoding: ${acceptEncoding}\r\n` : '') + keyOf(load, turn);
}

function keyOf({ authorizations, freshKeysOf }: Load, turn: number): string {
  const key = freshKeysOf
    ? `axe_${freshKeysOf}_${randomBytes(32).toString('hex')}`
    : authorizations[turn % authorizations.length];
  return key ? `authorization: Bearer ${key}\r\n` : '';
}

await main();
