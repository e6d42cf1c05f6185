import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { Tx } from '../../../kernel/db/tx.js';
import type { OperatorIdentity } from '../../../kernel/http/caller.js';
import { AuditLog } from '../../../kernel/operators/audit-log.js';
import { outcomeOf, type Dispute } from '../domain/dispute.js';
import type { Settings } from '../domain/settings.js';
import { Verdicts } from '../panels/verdicts.js';
import { DisputeStore } from '../persistence/dispute.store.js';
import { GoldStore, type KnownAnswer } from '../persistence/gold.store.js';
import { JudgementStore, type Held } from '../persistence/judgement.store.js';
import { SettingsStore } from '../persistence/settings.store.js';
import { NotInTheQueue, SubmissionUndecided } from '../validation.errors.js';

/** Who does it, and why: it stands in the audit log in the transaction of the act. */
export interface By {
  operator: OperatorIdentity;
  reason: string;
}

/** What is left to people: what no panel decided, known answers, settings. */
@Injectable()
export class DecisionsService {
  constructor(
    private readonly judgements: JudgementStore,
    private readonly disputes: DisputeStore,
    private readonly verdicts: Verdicts,
    private readonly gold: GoldStore,
    private readonly settings: SettingsStore,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async decideSubmission(tx: Tx, submissionId: string, approved: boolean, by: By): Promise<Held> {
    const held = await this.judgements.lock(tx, submissionId);
    const { status, panel } = held.judgement;
    if (status !== 'queued' || panel.kind === 'dispute') throw new NotInTheQueue(submissionId);
    const decided = await this.verdicts.conclude(tx, held, approved ? 'approved' : 'rejected', 'operator');
    await this.audit.write(tx, {
      ...by,
      act: 'submission.decide',
      subject: submissionId,
      details: { approved },
    });
    return decided;
  }

  async decideDispute(tx: Tx, disputeId: string, outcome: 'won' | 'lost', by: By): Promise<Dispute> {
    const dispute = await this.disputes.get(disputeId, tx);
    const held = await this.judgements.lock(tx, dispute.submissionId);
    const { status, panel } = held.judgement;
    if (status !== 'queued' || panel.kind !== 'dispute') throw new NotInTheQueue(disputeId);
    await this.verdicts.conclude(tx, held, outcomeOf(dispute, outcome), 'operator');
    await this.audit.write(tx, { ...by, act: 'dispute.decide', subject: disputeId, details: { outcome } });
    return this.disputes.get(disputeId, tx);
  }

  /** Real work with a verdict: what nobody has judged would not look like what validators get. */
  async loadGold(tx: Tx, submissionId: string, approved: boolean, by: By): Promise<KnownAnswer> {
    const judgement = await this.judgements.get(submissionId, tx);
    if (judgement.status !== 'decided' || judgement.knownAnswer !== null)
      throw new SubmissionUndecided(submissionId);
    const answer = { submissionId, approved, loadedBy: by.operator.id, loadedAt: this.clock.now() };
    await this.gold.load(tx, answer);
    await this.audit.write(tx, { ...by, act: 'gold.load', subject: submissionId, details: { approved } });
    return answer;
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
