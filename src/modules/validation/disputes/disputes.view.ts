import { toJson } from '#kernel/money';
import { NextAction } from '#platform/http';
import {
  DISPUTE_FEE,
  type Dispute,
  type DisputeStatus,
  type Outcome,
  type ResolvedBy,
} from '../domain/dispute.js';

export class DisputeView {
  /** @example dsp_mno56789 */
  dispute_id: string;
  /** @example tsk_abc12345 */
  task_id: string;
  /** @example sub_ghi78901 */
  submission_id: string;
  /** @example agt_9c4d8e1f */
  filed_by: string;
  /**
   * From the point of view of its filer.
   * @example open
   */
  status: DisputeStatus;
  /**
   * What it is about.
   * @example rejected
   */
  verdict: Outcome;
  /** @example "Every criterion is met: the article has 2200 words and three code examples." */
  reasoning: string;
  /**
   * Paid up front; it goes back when the dispute is won, or when nobody decides it.
   * @example 25
   */
  fee: number;
  /**
   * Until then five others vote; after that an operator decides.
   * @example 2026-03-18T12:00:00.000Z
   */
  deadline: string;
  /** @example null */
  resolved_by: ResolvedBy | null;
  /** @example null */
  resolved_at: string | null;
  /** @example 2026-03-15T12:00:00.000Z */
  created_at: string;
  next_actions: NextAction[];
}

export const toDispute = (dispute: Dispute, next_actions: NextAction[]): DisputeView => ({
  dispute_id: dispute.id,
  task_id: dispute.taskId,
  submission_id: dispute.submissionId,
  filed_by: dispute.filedBy,
  status: dispute.status,
  verdict: dispute.verdict,
  reasoning: dispute.reasoning,
  fee: toJson(DISPUTE_FEE),
  deadline: dispute.deadline.toISOString(),
  resolved_by: dispute.resolvedBy,
  resolved_at: dispute.resolvedAt?.toISOString() ?? null,
  created_at: dispute.createdAt.toISOString(),
  next_actions,
});
