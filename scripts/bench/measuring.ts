import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { ServerProcess } from './server-process.js';

/** The bare handler beside which everything is measured. It answers this body, which is JSON. */
export const startFloor = (body: string, folder: string): Promise<ServerProcess> =>
  ServerProcess.start(
    [path.join(import.meta.dirname, 'floor.js')],
    { ...process.env, NODE_ENV: 'production', BODY: body },
    path.join(folder, 'floor.log'),
    /listening on (\d+)/,
  );

/** One round of a program of this folder, in a process of its own, and what it found. */
export async function run<Result>(program: string, load: object): Promise<Result> {
  const file = path.join(import.meta.dirname, program);
  const { stdout } = await promisify(execFile)(process.execPath, [file, JSON.stringify(load)]);
  return JSON.parse(stdout) as Result;
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
