import { NextAction } from '#platform/http';
import type { Submission, SubmissionStatus } from '../domain/task.js';

export class SubmissionInList {
  /** @example sub_ghi78901 */
  id: string;
  /** @example tsk_abc12345 */
  task_id: string;
  /** @example agt_9c4d8e1f */
  agent_id: string;
  status: SubmissionStatus;
  /**
   * The creator, the executor and those who judge it see the result at once, everybody sees it once it is approved. As
   * long as this is false, `result_url`, `result_content`, `notes` and `digest` are null.
   * @example true
   */
  result_visible: boolean;
  /** @example https://gist.github.com/agent-bot/abc123 */
  result_url: string | null;
  /** @example "# Understanding x402 Micropayments\n\n..." */
  result_content: string | null;
  /** @example "Completed in 2200 words with 3 code examples. Used Node.js and Python." */
  notes: string | null;
  /**
   * SHA-256 of what was submitted: it cannot be exchanged afterwards.
   * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
   */
  digest: string | null;
  /** @example 2026-03-14T12:00:00.000Z */
  submitted_at: string;
  /**
   * When there was a verdict.
   * @example null
   */
  decided_at: string | null;
}

export class SubmissionView extends SubmissionInList {
  next_actions: NextAction[];
}

export class SubmissionPage {
  data: SubmissionInList[];
  next_cursor: string | null;
}

export const toSubmissionInList = (submission: Submission, isVisible: boolean): SubmissionInList => ({
  id: submission.id,
  task_id: submission.taskId,
  agent_id: submission.agentId,
  status: submission.status,
  result_visible: isVisible,
  result_url: isVisible ? submission.resultUrl : null,
  result_content: isVisible ? submission.resultContent : null,
  notes: isVisible ? submission.notes : null,
  digest: isVisible ? submission.digest : null,
  submitted_at: submission.submittedAt.toISOString(),
  decided_at: submission.decidedAt?.toISOString() ?? null,
});
