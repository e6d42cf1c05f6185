import { Injectable } from '@nestjs/common';
import type { OperatorIdentity } from '#kernel/caller';
import { Clock } from '#kernel/clock';
import type { Tx } from '#kernel/tx';
import { Database, UnitOfWork } from '#platform/database';

export interface Act {
  operator: OperatorIdentity;
  /** `agent.suspend`, as it is called in the log. */
  act: string;
  /** The id of what was acted on. */
  subject: string;
  reason: string;
  details?: Record<string, unknown>;
}

export interface AuditEntry {
  id: string;
  at: Date;
  operator_id: string;
  operator_name: string;
  act: string;
  subject: string;
  reason: string;
  details: Record<string, unknown>;
}

export interface AuditFilter {
  subject?: string;
  operator?: string;
  act?: string;
}

/** Who did what and why. Append-only: the table refuses updates and deletes. */
@Injectable()
export class AuditLog {
  constructor(
    private readonly database: Database,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** In the transaction of the act: no act without its entry, no entry without its act. Tells the entry's id. */
  async write(tx: Tx, { operator, act, subject, reason, details = {} }: Act): Promise<string> {
    const [entry] = await tx.query<{ id: string }>(
      `INSERT INTO audit_log (at, operator_id, operator_name, act, subject, reason, details)
       VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
      [this.clock.now(), operator.id, operator.name, act, subject, reason, JSON.stringify(details)],
    );
    return entry!.id;
  }

  /**
   * For an act that commits by itself: noted first, so that none can happen unseen. Check everything that the act may be
   * refused for before the note, or the log says that it was done.
   */
  async note(act: Act): Promise<void> {
    await this.work.run((tx) => this.write(tx, act));
  }

  async page(filter: AuditFilter, before: string | undefined, limit: number): Promise<AuditEntry[]> {
    return this.database.query<AuditEntry>(
      `SELECT id, at, operator_id, operator_name, act, subject, reason, details FROM audit_log
        WHERE ($1::bigint IS NULL OR id < $1) AND ($2::text IS NULL OR subject = $2)
          AND ($3::text IS NULL OR operator_id = $3) AND ($4::text IS NULL OR act = $4)
        ORDER BY id DESC LIMIT $5`,
      [before ?? null, filter.subject ?? null, filter.operator ?? null, filter.act ?? null, limit],
    );
  }
}
