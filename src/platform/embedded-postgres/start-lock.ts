import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, processName } from './process-liveness.js';

/**
 * Does the work while no other process that shares the folder does theirs; survives a holder's `kill -9`.
 *
 * A lock that is one file cannot be broken safely: two waiters may both find its holder dead, and the slower
 * one then removes the lock that the faster one has just taken. So each holder has a file of its own,
 * `start.lock.<n>`, and the highest number counts. Whoever finds that one given back, or its holder dead,
 * creates the next number, which only one process can. Only a holder removes files, and only lower ones.
 */
export async function withStartLock<T>(
  folder: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const taken = await takeLock(folder, signal);
  try {
    return await work();
  } finally {
    // Kept, not removed: the number must never be given out twice.
    writeFileSync(taken, FREE);
  }
}

const PREFIX = 'start.lock.';
const FREE = 'free';
const POLL_MS = 20;
/** Between creating the file and naming the holder lie microseconds; a file still empty after this is a crash. */
const EMPTY_POLLS_MAX = 100;

async function takeLock(folder: string, signal: AbortSignal): Promise<string> {
  let emptyPolls = 0;
  for (;;) {
    signal.throwIfAborted();
    const highest = highestLock(folder);
    const holder = highest === 0 ? FREE : readHolder(lockFile(folder, highest));
    emptyPolls = holder === '' ? emptyPolls + 1 : 0;
    if (!isHeld(holder) || emptyPolls > EMPTY_POLLS_MAX) {
      const next = lockFile(folder, highest + 1);
      if (create(next) && highestLock(folder) === highest + 1) {
        removeBelow(folder, highest + 1);
        return next;
      }
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

const lockFile = (folder: string, number: number): string => path.join(folder, `${PREFIX}${number}`);

const lockNumbers = (folder: string): number[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => Number(name.slice(PREFIX.length)))
    .filter(Number.isSafeInteger);

const highestLock = (folder: string): number => Math.max(0, ...lockNumbers(folder));

function removeBelow(folder: string, number: number): void {
  for (const old of lockNumbers(folder)) if (old < number) rmSync(lockFile(folder, old), { force: true });
}

function readHolder(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    // A higher number has been given out meanwhile: look again.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function isHeld(holder: string): boolean {
  if (holder === FREE) return false;
  if (holder === '') return true;
  const pid = Number(holder.split(':')[0]);
  return isAlive(pid) && processName(pid) === holder;
}

/** Readable for all, whatever the umask: a later process of another user must see whose lock it is. */
function create(file: string): boolean {
  try {
    writeFileSync(file, processName(process.pid), { flag: 'wx' });
    chmodSync(file, 0o644);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
