import type { Request } from 'express';
import type { PolicyName } from './limiter/bucket-policy.js';
import type { Verdict } from './limiter/buckets.js';

/** Who calls, as far as every module needs to know. */
export interface Caller {
  id: string;
  verified: boolean;
  suspended: boolean;
  /** A rotated key within its grace: it opens nothing but the replay of its own rotation. */
  replayOnly?: boolean;
}

export const OPERATOR_ROLES = ['viewer', 'operator', 'admin'] as const;
export type OperatorRole = (typeof OPERATOR_ROLES)[number];

export interface OperatorIdentity {
  id: string;
  name: string;
  role: OperatorRole;
}

/** What one request was charged, each bucket at most once. */
export type RequestCharges = Map<PolicyName, Verdict>;

export interface ApiRequest extends Request {
  requestId: string;
  caller?: Caller;
  operator?: OperatorIdentity;
  /** What the limiter has charged for this request so far. */
  charged?: RequestCharges;
}
