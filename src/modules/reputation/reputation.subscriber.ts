import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#platform/database';
import { OnDomainEvents } from '#platform/messaging';
import { ReputationStore } from './persistence/reputation.store.js';
import { changesIn, completionsIn, SEAT_NEWS, WORK_NEWS, type News } from './reputation.news.js';
import { ReputationService } from './reputation.service.js';

/** Hears what reputations follow from. It knows events by name and data, and no other module. */
@Injectable()
export class ReputationSubscriber {
  constructor(
    private readonly reputation: ReputationService,
    private readonly store: ReputationStore,
    private readonly work: UnitOfWork,
  ) {}

  @OnDomainEvents(SEAT_NEWS, { subscriber: 'reputation-validators' })
  seatsClosed(news: readonly News[]): Promise<void> {
    return this.follow(news);
  }

  @OnDomainEvents(WORK_NEWS, { subscriber: 'reputation-work' })
  workEnded(news: readonly News[]): Promise<void> {
    return this.follow(news);
  }

  private async follow(news: readonly News[]): Promise<void> {
    const changes = news.flatMap(changesIn);
    const completions = news.flatMap(completionsIn);
    if (changes.length + completions.length === 0) return;
    await this.work.run(async (tx) => {
      await this.reputation.change(tx, changes);
      this.store.noteCompletions(tx, completions);
    });
  }
}
