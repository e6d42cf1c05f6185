import { Module } from '@nestjs/common';
import { AgentsModule } from '#modules/agents';
import { ReputationStore } from './persistence/reputation.store.js';
import { ReputationController } from './reputation.controller.js';
import { ReputationSandboxController } from './reputation.sandbox.controller.js';
import { ReputationService } from './reputation.service.js';
import { ReputationSubscriber } from './reputation.subscriber.js';

@Module({
  imports: [AgentsModule],
  controllers: [ReputationController],
  providers: [ReputationService, ReputationSubscriber, ReputationStore],
  exports: [ReputationService],
})
export class ReputationModule {}

/** Only where the sandbox is on. */
@Module({ imports: [ReputationModule], controllers: [ReputationSandboxController] })
export class ReputationSandboxModule {}
