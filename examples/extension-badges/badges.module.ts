import { Module } from '@nestjs/common';
import { AgentsModule } from '#modules/agents';
import { TasksModule } from '#modules/tasks';
import { TellsAgents } from '#platform/messaging';
import { BadgesController } from './badges.controller.js';
import { BadgesPolicy } from './badges.policy.js';
import { BadgesStore } from './badges.store.js';
import { BadgesSubscriber } from './badges.subscriber.js';

@TellsAgents('badge.earned')
@Module({
  imports: [AgentsModule, TasksModule],
  controllers: [BadgesController],
  providers: [BadgesStore, BadgesSubscriber, BadgesPolicy],
})
export class BadgesModule {}
