import { createHash } from 'node:crypto';
import { existsSync, lstatSync, statfsSync } from 'node:fs';
import path from 'node:path';

const MEMORY = '/dev/shm';
/** Many times what a run takes; a container's usual 64 MB are too little. */
const FREE_BYTES_MIN = 4 * 2 ** 30;

/**
 * Hundreds of databases of six hundred files each come and go in a run. In memory one is made in 20 ms. On a disk it
 * takes longer with each that has gone before, where the file system passes over every number that was freed of late
 * (ext4 without a journal): up to half a second. Undefined where there is no such place, or no room in it.
 */
export function folderInMemory() {
  if (process.platform !== 'linux' || !existsSync(MEMORY)) return undefined;
  const uid = process.getuid();
  // A project of somebody else's lies elsewhere, and so does this one when somebody else tests it.
  const folder = path.join(MEMORY, `upmoltwork-test-${hashOf(`${uid} ${process.cwd()}`)}`);
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found) return found.isDirectory() && found.uid === uid ? folder : undefined;
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize < FREE_BYTES_MIN ? undefined : folder;
}

const hashOf = (text) => createHash('sha256').update(text).digest('hex').slice(0, 16);
