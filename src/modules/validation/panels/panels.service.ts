import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { Tx } from '../../../kernel/db/tx.js';
import { moneyFromDecimal, points } from '../../../kernel/money.js';
import { AgentsService } from '../../agents/index.js';
import { SubmissionsService, type Task, type Work } from '../../tasks/index.js';
import { outcomeOfSilence, queueEndsAt, UNDECIDED, type Judgement } from '../domain/judgement.js';
import {
  ended,
  escalated,
  firstPanel,
  hasVoted,
  isOpen,
  isOverdue,
  nextRound,
  panelOfFive,
  vacate,
  verdictOf,
  votingEnds,
  withoutVacancies,
  withVacancies,
  type Panel,
} from '../domain/panel.js';
import type { Candidate } from '../domain/select-validators.js';
import { JudgementStore, type Held } from '../persistence/judgement.store.js';
import { SettingsStore } from '../persistence/settings.store.js';
import { Closing } from './closing.js';
import { Drawing } from './drawing.js';
import { GoldAssignments } from './gold-assignments.js';
import { Verdicts } from './verdicts.js';

/** The course of a judgement: who is drawn, and what follows from each vote, each silence and each hour. */
@Injectable()
export class PanelsService {
  private readonly logger = new Logger('Panels');

  constructor(
    private readonly judgements: JudgementStore,
    private readonly submissions: SubmissionsService,
    private readonly drawing: Drawing,
    private readonly closing: Closing,
    private readonly verdicts: Verdicts,
    private readonly gold: GoldAssignments,
    private readonly settings: SettingsStore,
    private readonly agents: AgentsService,
    private readonly clock: Clock,
  ) {}

  /** Nothing when somebody has: the news of a submission may come twice, and a sweep may be faster. */
  async open(tx: Tx, { task, submission }: Work): Promise<void> {
    const fresh = judgementOf(task, submission, this.clock.now());
    if (!(await this.judgements.insert(tx, fresh))) return;
    const candidates = await this.drawing.candidatesFor(tx, fresh);
    const settings = await this.settings.get(tx);
    const panel = firstPanel(candidates.length, isWorth(task, settings.escalate_splits_from_points));
    const held = await this.fill(tx, { judgement: { ...fresh, panel }, seats: [] }, panel.seats, candidates);
    await this.gold.beside(tx, held, candidates);
  }

  /** What follows now from who sits and how they voted. */
  async review(tx: Tx, held: Held): Promise<Held> {
    const { panel } = held.judgement;
    if (panel.kind === 'gold') return this.reviewGold(tx, held);
    const verdict = verdictOf(panel, held.seats);
    switch (verdict.kind) {
      case 'waiting':
        return this.save(tx, held);
      case 'approved':
      case 'rejected':
        return this.verdicts.conclude(
          tx,
          held,
          verdict.kind,
          hasVoted(panel, held.seats) ? 'panel' : 'silence',
        );
      case 'replace':
        return this.fill(tx, withPanel(held, nextRound(panel)), verdict.seats);
      case 'escalate':
        return this.fill(tx, withPanel(held, nextRound(escalated(panel))), verdict.seats);
      case 'deadlock':
        return this.toFive(tx, await this.withoutVerdict(tx, held));
      case 'operator':
        return this.queue(tx, await this.withoutVerdict(tx, held));
    }
  }

  /** Deadlines, seats that found nobody, operators who are silent: whatever the time has brought about. */
  async passTime(tx: Tx, submissionId: string): Promise<void> {
    const held = await this.judgements.lock(tx, submissionId);
    const { status, queuedAt } = held.judgement;
    const at = this.clock.now();
    if (status === 'decided') return;
    if (status === 'queued') {
      if (at >= queueEndsAt(queuedAt!))
        await this.verdicts.conclude(tx, held, outcomeOfSilence(held.seats), 'silence');
      return;
    }
    const overdue = held.seats.filter((seat) => isOverdue(seat, at));
    const timely = await this.closing.close(
      tx,
      held,
      overdue.map((seat) => ({ ...seat, end: 'timed_out' as const })),
    );
    await this.retryVacancies(tx, timely, at);
  }

  /** An agent was suspended: its open seat is given up, and somebody else is drawn for it at once. */
  async vacate(tx: Tx, submissionId: string, agentId: string): Promise<void> {
    const held = await this.judgements.lock(tx, submissionId);
    const given = vacate(held.seats, agentId);
    if (!given) return;
    const agents = await this.agents.getMany([agentId], tx);
    // Reinstated since, it may vote after all.
    if (agents.get(agentId)?.status !== 'suspended') return;
    const left = await this.closing.close(tx, held, [given]);
    if (held.judgement.panel.kind === 'gold') await this.review(tx, left);
    else await this.fill(tx, left, held.judgement.panel.vacant + 1);
  }

  /** Five others, or an operator where they are not to be had (spec §6.4). */
  async toFive(tx: Tx, held: Held, kind: 'deadlock' | 'dispute' = 'deadlock'): Promise<Held> {
    const five = withPanel(held, panelOfFive(kind));
    const seated = await this.drawing.seat(tx, five, five.judgement.panel.seats);
    return seated.seats.length > held.seats.length ? this.save(tx, seated) : this.queue(tx, five);
  }

  private async retryVacancies(tx: Tx, held: Held, at: Date): Promise<Held> {
    const { panel } = held.judgement;
    if (panel.vacant === 0) return this.review(tx, held);
    if (at >= panel.vacantUntil!) return this.review(tx, withPanel(held, withoutVacancies(panel)));
    return this.fill(tx, held, panel.vacant);
  }

  /** Seats for which nobody is to be had stay vacant for a while. */
  private async fill(tx: Tx, held: Held, wanted: number, candidates?: readonly Candidate[]): Promise<Held> {
    const drawn = await this.drawing.seat(tx, held, wanted, candidates);
    const added = drawn.seats.length - held.seats.length;
    const seated = withPanel(drawn, withVacancies(drawn.judgement.panel, wanted - added, this.clock.now()));
    if (held.seats.length === 0 && added > 0) await this.start(tx, seated);
    return this.review(tx, seated);
  }

  private async start(tx: Tx, { judgement }: Held): Promise<void> {
    const { submissionId, panel } = judgement;
    const deadline = votingEnds(panel.kind, this.clock.now());
    await this.submissions.startValidation(tx, submissionId, { seats: panel.seats, deadline });
  }

  /** Their votes stand, but there was no verdict with which they could have agreed. */
  private withoutVerdict(tx: Tx, held: Held): Promise<Held> {
    return this.closing.close(tx, held, ended(held.judgement.panel, held.seats, null));
  }

  private queue(tx: Tx, held: Held): Promise<Held> {
    const { judgement } = held;
    this.logger.log({
      msg: 'waits for an operator',
      submissionId: judgement.submissionId,
      panel: judgement.panel.kind,
    });
    const panel: Panel = { ...judgement.panel, vacant: 0, vacantUntil: null };
    return this.save(tx, {
      ...held,
      judgement: { ...judgement, panel, status: 'queued', queuedAt: this.clock.now() },
    });
  }

  private async reviewGold(tx: Tx, held: Held): Promise<Held> {
    return held.seats.some(isOpen) ? this.save(tx, held) : this.verdicts.reveal(tx, held);
  }

  private async save(tx: Tx, held: Held): Promise<Held> {
    await this.judgements.save(tx, held, this.clock.now());
    return held;
  }
}

const withPanel = (held: Held, panel: Panel): Held => ({ ...held, judgement: { ...held.judgement, panel } });

/** A price in USDC is not compared. */
const isWorth = ({ acceptedCurrency, acceptedPrice }: Task, from: number | null): boolean =>
  from !== null &&
  acceptedCurrency === 'points' &&
  (moneyFromDecimal('points', acceptedPrice!)?.units ?? 0n) >= points(from).units;

const judgementOf = (task: Task, { id, digest, agentId }: Work['submission'], at: Date): Judgement => ({
  ...UNDECIDED,
  submissionId: id,
  taskId: task.id,
  creatorId: task.creatorId,
  executorId: agentId,
  digest,
  panel: firstPanel(0, false),
  sourceSubmissionId: null,
  knownAnswer: null,
  openedAt: at,
});
