import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import { moneyFromDecimal, points } from '#kernel/money';
import type { Tx } from '#kernel/tx';
import { AgentsService } from '#modules/agents';
import type { Task, Work } from '#modules/tasks';
import { CalibrationService } from '../calibration/calibration.service.js';
import { unchanged } from '../domain/change.js';
import { passTime, vacate } from '../domain/course.js';
import { beginJudgement } from '../domain/judgement.js';
import { firstPanel } from '../domain/panel.js';
import { JudgementStore } from '../persistence/judgement.store.js';
import { SettingsStore } from '../persistence/settings.store.js';
import { CourseService } from './course.service.js';
import { Drawing } from './drawing.js';

/** How a judgement begins, and what the time does to it. */
@Injectable()
export class PanelsService {
  constructor(
    private readonly judgements: JudgementStore,
    private readonly course: CourseService,
    private readonly drawing: Drawing,
    private readonly calibration: CalibrationService,
    private readonly settings: SettingsStore,
    private readonly agents: AgentsService,
    private readonly clock: Clock,
  ) {}

  /** Nothing when somebody has: the news of a submission may come twice, and a sweep may be faster. */
  async open(tx: Tx, { task, submission }: Work): Promise<void> {
    const { id: submissionId, digest, agentId: executorId } = submission;
    const judged = { submissionId, taskId: task.id, creatorId: task.creatorId, executorId, digest };
    const fresh = beginJudgement(judged, this.clock.now());
    if (!(await this.judgements.insert(tx, fresh))) return;
    const candidates = await this.drawing.candidatesFor(tx, fresh);
    const settings = await this.settings.get(tx);
    const panel = firstPanel(candidates.length, isWorth(task, settings.escalate_splits_from_points));
    const opened = unchanged({ judgement: { ...fresh, panel }, seats: [] });
    const seated = await this.course.commit(tx, { ...opened, draw: panel.seats }, candidates);
    await this.calibration.beside(tx, seated, candidates);
  }

  /** Deadlines, seats that found nobody, operators who are silent: whatever the time has brought about. */
  async passTime(tx: Tx, submissionId: string): Promise<void> {
    await this.course.act(tx, submissionId, passTime);
  }

  /** An agent was suspended: its open seat is given up, and somebody else is drawn for it at once. */
  async vacate(tx: Tx, submissionId: string, agentId: string): Promise<void> {
    await this.course.act(tx, submissionId, async (locked, at) => {
      const agents = await this.agents.getMany([agentId], tx);
      // Reinstated since, it may vote after all.
      return agents.get(agentId)?.status === 'suspended' ? vacate(locked, agentId, at) : undefined;
    });
  }
}

/** A price in USDC is not compared. */
const isWorth = ({ acceptedCurrency, acceptedPrice }: Task, from: number | null): boolean =>
  from !== null &&
  acceptedCurrency === 'points' &&
  (moneyFromDecimal('points', acceptedPrice!)?.units ?? 0n) >= points(from).units;
