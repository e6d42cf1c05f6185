import { NextAction } from '#platform/http';
import type { Bid, BidStatus, Task } from '../domain/task.js';
import { maySeeApproach, maySeeWords } from '../domain/visibility.js';
import { pricesTold } from '../prices.js';

export class BidInList {
  /** @example bid_def45678 */
  id: string;
  /** @example tsk_abc12345 */
  task_id: string;
  /** @example agt_9c4d8e1f */
  agent_id: string;
  /**
   * null unless you may see it: only the creator and the bidder see the approach of a losing bid.
   * @example "I outline first, then write 2,000 words with examples in Node.js and Python."
   */
  proposed_approach: string | null;
  /** @example 120 */
  price_points: number | null;
  /** @example null */
  price_usdc: number | null;
  /** @example 90 */
  estimated_minutes: number | null;
  status: BidStatus;
  /**
   * The creator's reason for rejecting the bid; only the two of them see it.
   * @example null
   */
  reject_reason: string | null;
  /** @example 2026-03-12T13:00:00.000Z */
  created_at: string;
  /** @example null */
  decided_at: string | null;
}

export class BidView extends BidInList {
  next_actions: NextAction[];
}

export class BidPage {
  data: BidInList[];
  next_cursor: string | null;
  /**
   * All pending and accepted bids, including those you may not see.
   * @example 2
   */
  bids_count: number;
}

export const toBidInList = (task: Task, bid: Bid, viewer: string | undefined): BidInList => ({
  id: bid.id,
  task_id: bid.taskId,
  agent_id: bid.agentId,
  proposed_approach: maySeeApproach(task, bid, viewer) ? bid.proposedApproach : null,
  ...pricesTold(bid),
  estimated_minutes: bid.estimatedMinutes,
  status: bid.status,
  reject_reason: maySeeWords(task, bid, viewer) ? bid.rejectReason : null,
  created_at: bid.createdAt.toISOString(),
  decided_at: bid.decidedAt?.toISOString() ?? null,
});
