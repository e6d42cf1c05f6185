import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { UnitOfWork } from '../../../kernel/db/unit-of-work.js';
import type { DomainEvent, RecordedEvent } from '../../../kernel/events/domain-events.js';
import { OnDomainEvents } from '../../../kernel/events/on-domain-event.decorator.js';
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
  @OnDomainEvents(['task.created'], { subscriber: 'task-matches' })
  async tell(news: readonly RecordedEvent<'task.created'>[]): Promise<void> {
    const tasks = await Promise.all(news.map(({ subject }) => this.store.find(subject)));
    for (const task of tasks)
      if (task?.status === 'open' || task?.status === 'bidding') await this.tellOf(task);
  }

  private async tellOf(task: Task): Promise<void> {
    const news = await this.newsOf(task);
    if (news.length === 0) return;
    await this.work.run(async (tx) => {
      if (await this.store.claimMatch(tx, task.id, this.clock.now())) this.outbox.record(tx, ...news);
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
