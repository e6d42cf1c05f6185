import { Module } from '@nestjs/common';
import { AgentsModule } from '../../src/modules/agents/index.js';
import { BadgesController } from './badges.controller.js';
import { BadgesStore } from './badges.store.js';
import { BadgesSubscriber } from './badges.subscriber.js';

@Module({
  imports: [AgentsModule],
  controllers: [BadgesController],
  providers: [BadgesStore, BadgesSubscriber],
})
export class BadgesModule {}
