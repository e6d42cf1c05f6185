import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { cpuSecondsOf } from '../api-process.js';
import type { Driven } from '../lanes.js';

/** What transfers are asked for. Every connection pays as an agent of its own. */
export interface Load {
  baseUrl: string;
  connections: number;
  seconds: number;
  agents: number;
  /** All pay this one; otherwise each pays anyone. */
  hotPayee?: string;
  /** Everybody asks for what is refused: more than they have, or with a key that they used for something else. */
  refused?: Refusal;
  /** Transfers a second in all, where they shall not be as many as possible. */
  rate?: number;
}

export type Refusal = 'balance' | 'key';

/** What the agents of the bench have used this key for is no transfer. */
export const USED_KEY = 'used-for-another-deed';

export type LoadResult = Driven;

const CREATED = 201;
const REFUSED: Readonly<Record<Refusal, number>> = { balance: 409, key: 422 };

export interface Measured {
  perSecond: number;
  p99Ms: number | undefined;
  /** CPU of the server under test, for each transfer. */
  cpuUs: number | undefined;
}

/** Drives the load from a process of its own, so that driver and server do not share an event loop. */
export async function drive(load: Load): Promise<LoadResult> {
  const program = path.resolve('dist/scripts/bench/ledger/drive.js');
  const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(load)]);
  const result = JSON.parse(stdout) as LoadResult;
  const expected = load.refused ? REFUSED[load.refused] : CREATED;
  if (result.statuses[expected] !== result.requests)
    throw new Error(`Not all transfers were answered with ${expected}: ${JSON.stringify(result.statuses)}.`);
  return result;
}

export async function measureProduct(load: Load, serverPid: number): Promise<Measured> {
  const before = cpuSecondsOf(serverPid);
  const { requests, seconds, p99Ms } = await drive(load);
  const after = cpuSecondsOf(serverPid);
  const cpuUs = before === undefined || after === undefined ? undefined : ((after - before) * 1e6) / requests;
  return { perSecond: requests / seconds, p99Ms, cpuUs };
}
