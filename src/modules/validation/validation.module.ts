import { Module } from '@nestjs/common';
import { AgentsModule } from '#modules/agents';
import { PointsModule } from '#modules/points';
import { ReputationModule } from '#modules/reputation';
import { TasksModule } from '#modules/tasks';
import { TellsAgents } from '#platform/messaging';
import { CalibrationAnswers } from './calibration/calibration-answers.service.js';
import { CalibrationAdminController } from './calibration/calibration.admin.controller.js';
import { CalibrationService } from './calibration/calibration.service.js';
import { CalibrationStore } from './calibration/calibration.store.js';
import { DisputesController } from './disputes/disputes.controller.js';
import { DisputesPresenter } from './disputes/disputes.presenter.js';
import { DisputesService } from './disputes/disputes.service.js';
import { DecisionsService } from './operators/decisions.service.js';
import { OperatorsPresenter } from './operators/operators.presenter.js';
import { ValidationAdminController } from './operators/validation.admin.controller.js';
import { Candidates } from './panels/candidates.js';
import { CourseService } from './panels/course.service.js';
import { DrawSecrets } from './panels/draw-secrets.js';
import { Drawing } from './panels/drawing.js';
import { DrawsPresenter } from './panels/draws.presenter.js';
import { MissedSubmissions } from './panels/missed-submissions.due.js';
import { PanelsService } from './panels/panels.service.js';
import { SubmissionsSubscriber } from './panels/submissions.subscriber.js';
import { SuspendedValidatorsSubscriber } from './panels/suspended-validators.subscriber.js';
import { ValidationDue } from './panels/validation.due.js';
import { CandidateStore } from './persistence/candidate.store.js';
import { DisputeStore } from './persistence/dispute.store.js';
import { DrawStore } from './persistence/draw.store.js';
import { JudgementStore } from './persistence/judgement.store.js';
import { PoolStore } from './persistence/pool.store.js';
import { RewardStore } from './persistence/reward.store.js';
import { SettingsStore } from './persistence/settings.store.js';
import { Rewards } from './rewards/rewards.service.js';
import { RewardsSubscriber } from './rewards/rewards.subscriber.js';
import { AccuracyController } from './votes/accuracy.controller.js';
import { AssignedReaders } from './votes/assigned-readers.js';
import { TaskValidationsController } from './votes/task-validations.controller.js';
import { TaskJudgementActions, VoteActions } from './votes/validation.actions.js';
import { VotesController } from './votes/votes.controller.js';
import { VotesPresenter } from './votes/votes.presenter.js';
import { VotesService } from './votes/votes.service.js';

@TellsAgents('validation.assigned', 'validation.closed', 'dispute.opened', 'dispute.resolved')
@Module({
  imports: [AgentsModule, PointsModule, ReputationModule, TasksModule],
  controllers: [
    VotesController,
    TaskValidationsController,
    AccuracyController,
    DisputesController,
    ValidationAdminController,
    CalibrationAdminController,
  ],
  providers: [
    PanelsService,
    CourseService,
    Drawing,
    Candidates,
    CalibrationService,
    CalibrationAnswers,
    DrawSecrets,
    DrawsPresenter,
    SubmissionsSubscriber,
    SuspendedValidatorsSubscriber,
    ValidationDue,
    MissedSubmissions,
    VotesService,
    VotesPresenter,
    VoteActions,
    TaskJudgementActions,
    AssignedReaders,
    Rewards,
    RewardsSubscriber,
    DisputesService,
    DisputesPresenter,
    DecisionsService,
    OperatorsPresenter,
    JudgementStore,
    CandidateStore,
    DrawStore,
    PoolStore,
    DisputeStore,
    CalibrationStore,
    RewardStore,
    SettingsStore,
  ],
  exports: [VotesService, VotesPresenter, DisputesService, DisputesPresenter],
})
export class ValidationModule {}
