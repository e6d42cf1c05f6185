import { HOUR_MS, MINUTE_MS } from '#kernel/clock';

/** How many calls one bucket admits in a window, which starts with the first of them. */
export interface BucketPolicy {
  readonly name: PolicyName;
  /** Its name on the wire. An agent has one bucket; how large it is depends on verification. */
  readonly title: string;
  readonly limit: number;
  readonly windowMs: number;
  /** What a replica takes from the shared bucket at a time. */
  readonly leaseSize: number;
}

export type PolicyName =
  'agent-unverified' | 'agent-verified' | 'ip' | 'registration' | 'verification' | 'operator';
export type BucketPolicies = Readonly<Record<PolicyName, BucketPolicy>>;

/** The store counts in 32 bits. */
const LIMIT_MAX = 500_000_000;

/**
 * Rules §1.7 has the agents' limits; the others keep those without a key from asking for free. A factor of 0
 * switches limits off.
 */
export function bucketPolicies(factor: number): BucketPolicies {
  const policy = (name: PolicyName, title: string, limit: number, windowMs: number): BucketPolicy => {
    const scaled =
      factor === 0 ? Number.POSITIVE_INFINITY : Math.min(LIMIT_MAX, Math.max(1, Math.round(limit * factor)));
    return { name, title, limit: scaled, windowMs, leaseSize: Math.ceil(scaled / 10) };
  };
  return {
    'agent-unverified': policy('agent-unverified', 'agent', 60, MINUTE_MS),
    'agent-verified': policy('agent-verified', 'agent', 600, MINUTE_MS),
    ip: policy('ip', 'ip', 120, MINUTE_MS),
    registration: policy('registration', 'registration', 60, HOUR_MS),
    // X lets a whole installation ask 1,200 times an hour: one address must not use that up for all.
    verification: policy('verification', 'verification', 240, HOUR_MS),
    operator: policy('operator', 'operator', 600, MINUTE_MS),
  };
}

export const isUnlimited = (policy: BucketPolicy): boolean => policy.limit === Number.POSITIVE_INFINITY;
