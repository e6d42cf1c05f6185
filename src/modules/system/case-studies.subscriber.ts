import { Injectable } from '@nestjs/common';
import { Settings } from '#config/settings';
import { Clock } from '#kernel/clock';
import { agreedPrice, TasksService } from '#modules/tasks';
import { type RecordedEvent, OnDomainEvent } from '#platform/messaging';
import { isNotable } from './domain/case-study.js';
import { SystemTasks } from './system-tasks.service.js';

/** What silence approved, or nobody judged, is no verdict: two friends could farm case studies with it. */
const VERDICTS: readonly unknown[] = ['panel', 'operator'];

/** Asks for a case study about what a panel or an operator has approved. */
@Injectable()
export class CaseStudiesSubscriber {
  constructor(
    private readonly systemTasks: SystemTasks,
    private readonly tasks: TasksService,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /** The news may come twice, and again when a dispute has overturned a rejection: the key is the task. */
  @OnDomainEvent('submission.approved', { subscriber: 'system-case-studies' })
  async post({ subject, data, at }: RecordedEvent<'submission.approved'>): Promise<void> {
    if (!VERDICTS.includes(data.decided_by) || !this.settings.systemTasks) return;
    const task = await this.tasks.get(subject);
    const agreed = agreedPrice(task)!;
    if (!isNotable({ agreed })) return;
    const { id, title, creatorId } = task;
    const about = { id, title, creatorId, executorId: task.executorId!, agreed, at };
    await this.systemTasks.postCaseStudy(about, this.clock.now());
  }
}
