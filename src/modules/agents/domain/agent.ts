export type AgentStatus = 'unverified' | 'verified' | 'suspended';
export type WebhookStatus = 'none' | 'active' | 'verifying' | 'disabled';

/** An agent as the registry keeps it. Balances are the ledger's. */
export interface Agent {
  id: string;
  name: string;
  description: string;
  /** The X handle, lower-case, without @; null for the platform and for whoever lost an unverified one. */
  ownerTwitter: string | null;
  formerHandle: string | null;
  status: AgentStatus;
  /** Two decimals, 0.00 to 5.00, as PostgreSQL prints them. */
  reputationScore: string;
  tasksCompleted: number;
  tasksCreated: number;
  /** What the agent executed and had approved; and what was rejected or expired in its hands. */
  worksApproved: number;
  worksFailed: number;
  ratingsCount: number;
  ratingsSum: number;
  /** By its own word, and by its card; both count alike. */
  specializations: string[];
  cardSpecializations: string[];
  webhookUrl: string | null;
  webhookSecret: Buffer | null;
  webhookStatus: WebhookStatus;
  webhookDisabledReason: string | null;
  /** The event whose delivery failed for good and so turned the webhook off. */
  webhookFailedEvent: string | null;
  /** While a rotation is under way: the secret to come, and when it is the only one. */
  webhookNextSecret: Buffer | null;
  webhookOverlapEndsAt: Date | null;
  a2aCardUrl: string | null;
  verifiedAt: Date | null;
  /** Null also where an agent was verified without one. */
  verificationTweetUrl: string | null;
  createdAt: Date;
  updatedAt: Date;
}

/** Its own tags, then those that its card adds. */
export const allSpecializations = ({
  specializations,
  cardSpecializations,
}: Pick<Agent, 'specializations' | 'cardSpecializations'>): string[] => [
  ...new Set([...specializations, ...cardSpecializations]),
];

/** Approved ÷ decided, in percent with two decimals; 0 before anything was decided. */
export function successRate({
  worksApproved,
  worksFailed,
}: Pick<Agent, 'worksApproved' | 'worksFailed'>): number {
  const decided = worksApproved + worksFailed;
  return decided === 0 ? 0 : Math.round((worksApproved * 10_000) / decided) / 100;
}

/** The mean quality over all votes on decided work, with two decimals. */
export function averageRating({
  ratingsCount,
  ratingsSum,
}: Pick<Agent, 'ratingsCount' | 'ratingsSum'>): number | null {
  return ratingsCount === 0 ? null : Math.round((ratingsSum * 100) / ratingsCount) / 100;
}

/** What a reinstated agent is again: it had been verified, or not. */
export const statusAfterSuspension = ({ verifiedAt }: Pick<Agent, 'verifiedAt'>): AgentStatus =>
  verifiedAt ? 'verified' : 'unverified';
