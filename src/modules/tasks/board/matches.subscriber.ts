import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import type { Tx } from '#kernel/tx';
import { AgentsService } from '#modules/agents';
import { UnitOfWork } from '#platform/database';
import { type DomainEvent, type RecordedEvent, OnDomainEvents, Outbox } from '#platform/messaging';
import type { Task } from '../domain/task.js';
import { MatchStore, type Claim } from '../persistence/match.store.js';
import { TaskStore } from '../persistence/task.store.js';
import { newMatch } from '../tasks.events.js';

/** So many are told by one event: a category may have any number of specialists. */
const TOLD_AT_ONCE = 500;

/**
 * Tells of a new task those whose specializations or skills name its category, for at most 30 tasks of one creator an
 * hour: posting and cancelling costs nothing. The others are found by looking.
 */
@Injectable()
export class MatchesSubscriber {
  private readonly logger = new Logger('Matches');

  constructor(
    private readonly tasks: TaskStore,
    private readonly store: MatchStore,
    private readonly agents: AgentsService,
    private readonly work: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** The news may come twice: the claim commits with the first telling, all of it. */
  @OnDomainEvents(['task.created'], { subscriber: 'task-matches' })
  async tell(news: readonly RecordedEvent<'task.created'>[]): Promise<void> {
    const tasks = await Promise.all(news.map(({ subject }) => this.tasks.find(subject)));
    for (const task of tasks)
      if (task?.status === 'open' || task?.status === 'bidding') await this.tellOf(task);
  }

  private async tellOf(task: Task): Promise<void> {
    const at = this.clock.now();
    // A creator who floods the board must not cost the reading of every specialist each time.
    const isAtLimit = await this.store.isAtLimit(task.creatorId, at);
    const news = isAtLimit ? [] : await this.newsOf(task);
    if (news.length === 0 && !isAtLimit) return;
    const claim = await this.work.run(async (tx) => {
      const claimed = await this.claim(tx, task, at);
      if (claimed === 'told') this.outbox.record(tx, ...news);
      return claimed;
    });
    if (claim === 'limited')
      this.logger.log({ msg: 'match not told', taskId: task.id, agentId: task.creatorId });
  }

  private async claim(tx: Tx, task: Task, at: Date): Promise<Claim> {
    if (!(await this.store.keepOpen(tx, task.id))) return 'taken';
    await this.agents.lock(tx, task.creatorId);
    return this.store.claim(tx, task, at);
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
