import { sha256 } from '../../../kernel/sha256.js';
import type { CopyNames } from '../domain/copy-work.js';
import type { Submission } from '../domain/task.js';
import { resultDigest } from '../submissions/result-digest.js';
import type { TaskCopy } from './task-copies.js';

/** So long it takes at most until validators are drawn for what was handed in. */
const DRAWN_WITHIN_MS = 900;

/** Computed from the name of the copy, so that they are the same whenever somebody looks. */
export function namesFor(copy: TaskCopy, original: Submission): CopyNames {
  const { taskId, submissionId, judgedSince } = copy;
  const drawnAfter = 1 + (Number.parseInt(letters(taskId, 'drawn', 8), 36) % DRAWN_WITHIN_MS);
  return {
    taskId,
    submissionId,
    a2aTaskId: uuid(taskId),
    digest: resultDigest(taskId, original.agentId, original),
    bidId: (id) => `bid_${letters(taskId, id, 8)}`,
    eventId: (id) => `evt_${letters(taskId, id, 20)}`,
    laterByMs: judgedSince.getTime() - drawnAfter - original.submittedAt.getTime(),
    judgedSince,
  };
}

/** As ids have them. */
const letters = (of: string, what: string, count: number): string =>
  BigInt(`0x${sha256(`${of}:${what}`).toString('hex')}`)
    .toString(36)
    .slice(-count);

/** As `randomUUID` makes them: version and variant have their places. */
function uuid(of: string): string {
  const bytes = sha256(`${of}:a2a`).subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
