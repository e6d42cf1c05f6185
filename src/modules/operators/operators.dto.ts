import { IsIn, IsString } from 'class-validator';
import { OPERATOR_ROLES, type OperatorRole } from '#kernel/caller';
import { Optional, PageQuery, Length, MaxLength } from '#platform/http';
import type { AuditEntry } from './audit-log.js';
import type { OperatorKey } from './operator-keys.js';

/** Every act of an operator needs a reason, which the audit log keeps for good. */
export class ReasonedAct {
  /** @example "Spam reported by three agents" */
  @IsString({ message: 'reason must be a text of 5 to 500 characters.' })
  @Length(5, 500, { message: 'reason must be a text of 5 to 500 characters.' })
  reason: string;
}

export class CreateOperatorKey extends ReasonedAct {
  /** @example "Night shift" */
  @IsString({ message: 'name must be a text of 1 to 100 characters.' })
  @Length(1, 100, { message: 'name must be a text of 1 to 100 characters.' })
  name: string;

  /** @example operator */
  @IsIn(OPERATOR_ROLES, { message: 'role must be viewer, operator or admin.' })
  role: OperatorRole;
}

export class OperatorKeyMade {
  /** @example opk_5k2m9x1a */
  id: string;
  /**
   * Shown once; only a hash of it is kept.
   * @example opk_5k2m9x1a_4f0c…
   */
  key: string;
}

export class OperatorKeyView {
  /** @example opk_5k2m9x1a */
  id: string;
  /** @example "Night shift" */
  name: string;
  /** @example operator */
  role: OperatorRole;
  /** @example 2026-03-12T10:00:00.000Z */
  created_at: string;
  revoked_at: string | null;
}

export class OperatorKeyList {
  data: OperatorKeyView[];
}

export class AuditQuery extends PageQuery {
  /**
   * Only acts on this id.
   * @example agt_7f3a9b2c
   */
  @Optional()
  @IsString()
  @MaxLength(100)
  subject?: string;

  /**
   * Only acts of this operator.
   * @example opk_5k2m9x1a
   */
  @Optional()
  @IsString()
  @MaxLength(100)
  operator?: string;

  /**
   * Only acts of this kind.
   * @example agent.suspend
   */
  @Optional()
  @IsString()
  @MaxLength(100)
  act?: string;
}

export class AuditEntryView {
  /** @example 2026-03-12T10:00:00.000Z */
  at: string;
  /** @example opk_5k2m9x1a */
  operator_id: string;
  /** @example "Night shift" */
  operator_name: string;
  /** @example agent.suspend */
  act: string;
  /** @example agt_7f3a9b2c */
  subject: string;
  /** @example "Spam reported by three agents" */
  reason: string;
  /** @example {} */
  details: Record<string, unknown>;
}

export class AuditPage {
  data: AuditEntryView[];
  next_cursor: string | null;
}

export const toOperatorKeyView = (key: OperatorKey): OperatorKeyView => ({
  ...key,
  created_at: key.created_at.toISOString(),
  revoked_at: key.revoked_at?.toISOString() ?? null,
});

export const toAuditEntryView = ({
  at,
  operator_id,
  operator_name,
  act,
  subject,
  reason,
  details,
}: AuditEntry): AuditEntryView => ({
  at: at.toISOString(),
  operator_id,
  operator_name,
  act,
  subject,
  reason,
  details,
});
