import { Module } from '@nestjs/common';
import { AgentsModule } from '#modules/agents';
import { TasksModule } from '#modules/tasks';
import { AgentCounts } from './counting/agent-counts.subscriber.js';
import { TaskCounts } from './counting/task-counts.subscriber.js';
import { WindowsDue } from './counting/windows.due.js';
import { CountStore } from './persistence/count.store.js';
import { FeedStore } from './persistence/feed.store.js';
import { FigureStore } from './persistence/figure.store.js';
import { StandingStore } from './persistence/standing.store.js';
import { PublicController } from './public/public.controller.js';
import { Showcase } from './public/showcase.service.js';

@Module({
  imports: [AgentsModule, TasksModule],
  controllers: [PublicController],
  providers: [
    Showcase,
    TaskCounts,
    AgentCounts,
    WindowsDue,
    CountStore,
    FigureStore,
    StandingStore,
    FeedStore,
  ],
  exports: [Showcase],
})
export class ShowcaseModule {}
