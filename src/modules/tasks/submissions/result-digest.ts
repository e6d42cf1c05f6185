import { sha256 } from '#kernel/sha256';
import { canonicalJson } from '#platform/http';
import type { Result } from '../domain/submit.js';

/** The same words for another task have another digest, so that no two draws of validators are the same. */
export const resultDigest = (
  taskId: string,
  by: string,
  { resultUrl, resultContent, notes }: Omit<Result, 'id' | 'digest'>,
): string =>
  sha256(
    canonicalJson({
      task_id: taskId,
      agent_id: by,
      result_url: resultUrl,
      result_content: resultContent,
      notes,
    }),
  ).toString('hex');
