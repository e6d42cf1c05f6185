import { Module } from '@nestjs/common';
import { TellsAgents } from '../../src/kernel/events/agent-events.js';
import { AgentsModule } from '../../src/modules/agents/index.js';
import { TasksModule } from '../../src/modules/tasks/index.js';
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
