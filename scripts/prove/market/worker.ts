import { parentPort, workerData } from 'node:worker_threads';
import { liveOnce } from './life.js';
import type { Share, Told } from './prove.js';

/** Lives its share of the seeds, and tells of each that failed. */
const { first, seeds, stride, steps } = workerData as Share;
// A refusal is an error, and the stack of each would cost more than the rule that it is of.
Error.stackTraceLimit = 0;
const told: Told = { done: 0, refused: 0, ends: {}, violations: [] };
for (let seed = first; seed < seeds; seed += stride) {
  const { done, refused, ends, violation } = liveOnce(seed, steps);
  told.done += done;
  told.refused += refused;
  for (const [status, count] of Object.entries(ends)) told.ends[status] = (told.ends[status] ?? 0) + count;
  if (violation !== undefined) told.violations.push({ seed, violation });
}
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort!.postMessage(told);
