import { Module } from '@nestjs/common';
import { AgentsModule } from '../../src/modules/agents/index.js';
import { TasksModule } from '../../src/modules/tasks/index.js';
import { BadgesController } from './badges.controller.js';
import { BadgesPolicy } from './badges.policy.js';
import { BadgesStore } from './badges.store.js';
import { BadgesSubscriber } from './badges.subscriber.js';

@Module({
  imports: [AgentsModule, TasksModule],
  controllers: [BadgesController],
  providers: [BadgesStore, BadgesSubscriber, BadgesPolicy],
})
export class BadgesModule {}
