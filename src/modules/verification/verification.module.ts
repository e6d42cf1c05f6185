import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AgentsModule } from '#modules/agents';
import { PointsModule } from '#modules/points';
import { ChallengeCodes } from './challenge-codes.js';
import { BindingEntity } from './persistence/binding.entity.js';
import { ChallengeEntity } from './persistence/challenge.entity.js';
import { VerificationStore } from './persistence/verification.store.js';
import { SandboxXStore } from './sandbox/sandbox-x.store.js';
import { XSandboxController } from './sandbox/x.sandbox.controller.js';
import { tweetSourceProvider } from './sources/tweet-source.provider.js';
import { XSites } from './sources/x-sites.js';
import { UnverifiedAgentActions, VerificationActions } from './verification.actions.js';
import { VerificationController } from './verification.controller.js';
import { VerificationPresenter } from './verification.presenter.js';
import { VerificationService } from './verification.service.js';

@Module({
  imports: [AgentsModule, PointsModule, TypeOrmModule.forFeature([ChallengeEntity, BindingEntity])],
  controllers: [VerificationController],
  providers: [
    VerificationService,
    VerificationPresenter,
    VerificationActions,
    UnverifiedAgentActions,
    VerificationStore,
    ChallengeCodes,
    SandboxXStore,
    XSites,
    tweetSourceProvider,
  ],
  exports: [SandboxXStore],
})
export class VerificationModule {}

/** Only where the sandbox is on. */
@Module({ imports: [VerificationModule], controllers: [XSandboxController] })
export class VerificationSandboxModule {}
