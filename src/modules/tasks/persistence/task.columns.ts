/** What every view of a task needs. */
export const SHORT_COLUMNS = `id, a2a_task_id AS "a2aTaskId", creator_agent_id AS "creatorId",
  executor_agent_id AS "executorId", category, title, price_points AS "pricePoints", price_usdc AS "priceUsdc",
  status, close_reason AS "closeReason", deadline, auto_accept_first AS "autoAcceptFirst", max_bids AS "maxBids",
  validation_required AS "validationRequired", payout_hold_hours AS "payoutHoldHours",
  system_task AS "systemTask", bids_count AS "bidsCount", revision, accepted_bid_id AS "acceptedBidId",
  accepted_currency AS "acceptedCurrency", accepted_price AS "acceptedPrice", accepted_at AS "acceptedAt",
  payout_state AS "payoutState", payout_amount AS "payoutAmount", payout_fee AS "payoutFee",
  payout_due_at AS "payoutDueAt", overturned, progress_percent AS "progressPercent", progress_message AS "progressMessage",
  progress_at AS "progressAt", warned_at AS "warnedAt", reposted_from AS "repostedFrom", closed_at AS "closedAt",
  created_at AS "createdAt", updated_at AS "updatedAt"`;

/** A row as the plain `Task` it is, without an ORM in between. */
export const TASK_COLUMNS = `${SHORT_COLUMNS}, description, acceptance_criteria AS "acceptanceCriteria"`;
