import { Injectable } from '@nestjs/common';
import type { OperatorIdentity } from '#kernel/caller';
import { Clock } from '#kernel/clock';
import type { Tx } from '#kernel/tx';
import { AuditLog } from '#modules/operators';
import type { LockedJudgement } from '../domain/change.js';
import { decideDispute, decideSubmission } from '../domain/decide.js';
import type { Dispute } from '../domain/dispute.js';
import type { Settings } from '../domain/settings.js';
import { CourseService } from '../panels/course.service.js';
import { DisputeStore } from '../persistence/dispute.store.js';
import { SettingsStore } from '../persistence/settings.store.js';

/** Who does it, and why: it stands in the audit log in the transaction of the act. */
export interface By {
  operator: OperatorIdentity;
  reason: string;
}

/** What is left to people: what no panel decided, and settings. */
@Injectable()
export class DecisionsService {
  constructor(
    private readonly disputes: DisputeStore,
    private readonly course: CourseService,
    private readonly settings: SettingsStore,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async decideSubmission(tx: Tx, submissionId: string, approved: boolean, by: By): Promise<LockedJudgement> {
    const decided = await this.course.act(tx, submissionId, (locked, at) =>
      decideSubmission(locked, approved, at),
    );
    await this.audit.write(tx, {
      ...by,
      act: 'submission.decide',
      subject: submissionId,
      details: { approved },
    });
    return decided;
  }

  async decideDispute(tx: Tx, disputeId: string, outcome: 'won' | 'lost', by: By): Promise<Dispute> {
    const { submissionId } = await this.disputes.get(disputeId, tx);
    await this.course.act(tx, submissionId, (locked, at) => decideDispute(locked, disputeId, outcome, at));
    await this.audit.write(tx, { ...by, act: 'dispute.decide', subject: disputeId, details: { outcome } });
    return this.disputes.get(disputeId, tx);
  }

  async change(tx: Tx, changes: Partial<Settings>, by: By): Promise<Settings> {
    await this.settings.set(tx, changes, this.clock.now());
    await this.audit.write(tx, {
      ...by,
      act: 'validation.settings',
      subject: 'validation',
      details: changes,
    });
    return this.settings.get(tx);
  }
}
