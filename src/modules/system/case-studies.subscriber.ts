import { Injectable } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import type { RecordedEvent } from '../../kernel/events/domain-events.js';
import { OnDomainEvent } from '../../kernel/events/on-domain-event.decorator.js';
import { SystemTasks } from './system-tasks.service.js';

/** Spec §7.3: a task that offered so much is worth a story. */
const NOTABLE_POINTS = 100;

@Injectable()
export class CaseStudiesSubscriber {
  constructor(
    private readonly systemTasks: SystemTasks,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /** The news may come twice, and a task may complete again after a dispute: the key is the task. */
  @OnDomainEvent('task.completed', { subscriber: 'system-case-studies' })
  async post({ subject, data }: RecordedEvent<'task.completed'>): Promise<void> {
    const isNotable = data.price_points !== null && data.price_points >= NOTABLE_POINTS;
    if (!isNotable || !this.settings.systemTasks) return;
    await this.systemTasks.postCaseStudy({ id: subject, title: data.title }, this.clock.now());
  }
}
