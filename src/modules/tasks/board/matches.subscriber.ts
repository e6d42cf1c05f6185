import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { UnitOfWork } from '../../../kernel/db/unit-of-work.js';
import type { DomainEvent, RecordedEvent } from '../../../kernel/events/domain-events.js';
import { OnDomainEvent } from '../../../kernel/events/on-domain-event.decorator.js';
import { Outbox } from '../../../kernel/events/outbox.js';
import { AgentsService } from '../../agents/index.js';
import type { Task } from '../domain/task.js';
import { TaskStore } from '../persistence/task.store.js';
import { newMatch } from '../tasks.events.js';

/** So many are told by one event: a category may have any number of specialists. */
const TOLD_AT_ONCE = 500;

/** Tells of a new task those whose specializations or skills name its category. */
@Injectable()
export class MatchesSubscriber {
  constructor(
    private readonly store: TaskStore,
    private readonly agents: AgentsService,
    private readonly work: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** The news may come twice: the claim commits with the first telling, all of it. */
  @OnDomainEvent('task.created', { subscriber: 'task-matches' })
  async tell({ subject }: RecordedEvent<'task.created'>): Promise<void> {
    const task = await this.store.find(subject);
    if (task?.status !== 'open' && task?.status !== 'bidding') return;
    const news = await this.newsOf(task);
    if (news.length === 0) return;
    await this.work.run(async (tx) => {
      if (await this.store.claimMatch(tx, task.id, this.clock.now())) await this.outbox.record(tx, ...news);
    });
  }

  private async newsOf(task: Task): Promise<DomainEvent<'task.new_match'>[]> {
    const news: DomainEvent<'task.new_match'>[] = [];
    for await (const ids of this.agents.specialistIds(task.category, TOLD_AT_ONCE)) {
      const told = ids.filter((id) => id !== task.creatorId);
      if (told.length > 0) news.push(newMatch(task, told));
    }
    return news;
  }
}
