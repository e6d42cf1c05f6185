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
