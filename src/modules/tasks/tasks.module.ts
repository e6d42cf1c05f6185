import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AgentsModule } from '#modules/agents';
import { PointsModule } from '#modules/points';
import { TellsAgents } from '#platform/messaging';
import { BidActions } from './bids/bid.actions.js';
import { BidsController } from './bids/bids.controller.js';
import { BidsPresenter } from './bids/bids.presenter.js';
import { BidsService } from './bids/bids.service.js';
import { BoardService } from './board/board.service.js';
import { HistoryController } from './board/history.controller.js';
import { MatchesSubscriber } from './board/matches.subscriber.js';
import { TaskLists } from './board/task-lists.js';
import { TaskActions } from './board/task.actions.js';
import { TasksAdminController } from './board/tasks.admin.controller.js';
import { TasksController } from './board/tasks.controller.js';
import { TasksPresenter } from './board/tasks.presenter.js';
import { TasksService } from './board/tasks.service.js';
import { CalibrationTaskStore } from './calibration/calibration-task.store.js';
import { CalibrationTasks } from './calibration/calibration-tasks.service.js';
import { TaskHistories } from './calibration/task-histories.js';
import { DeadlineWarnings } from './deadline-warnings.due.js';
import { TaskDeadlines } from './deadlines.due.js';
import { HeldPayouts } from './held-payouts.due.js';
import { Payouts } from './payouts.js';
import { BidEntity } from './persistence/bid.entity.js';
import { BidStore } from './persistence/bid.store.js';
import { ChangeStore } from './persistence/change.store.js';
import { DueStore } from './persistence/due.store.js';
import { EndedTasks } from './persistence/ended-tasks.js';
import { MatchStore } from './persistence/match.store.js';
import { OpenOfAgent } from './persistence/open-of-agent.js';
import { OpenTasks } from './persistence/open-tasks.js';
import { RankedSearch } from './persistence/ranked.search.js';
import { SubmissionEntity } from './persistence/submission.entity.js';
import { SubmissionStore } from './persistence/submission.store.js';
import { TaskEntity } from './persistence/task.entity.js';
import { TaskSearch } from './persistence/task.search.js';
import { TaskStore } from './persistence/task.store.js';
import { ResultReaders } from './result-reader.js';
import { DisputedWork } from './submissions/disputed-work.service.js';
import { SubmissionsController } from './submissions/submissions.controller.js';
import { SubmissionsPresenter } from './submissions/submissions.presenter.js';
import { SubmissionsService } from './submissions/submissions.service.js';
import { WorkActions } from './submissions/work.actions.js';
import { SuspendedAgentsSubscriber } from './suspended-agents.subscriber.js';
import { TaskEscrow } from './task-escrow.js';
import { TaskPolicies } from './task-policy.js';

@TellsAgents(
  'task.new_match',
  'task.bid_received',
  'task.bid_accepted',
  'task.bid_rejected',
  'task.progress',
  'task.deadline_warning',
  'task.submitted',
  'submission.validation_started',
  'submission.approved',
  'submission.rejected',
  'task.completed',
  'task.cancelled',
)
@Module({
  imports: [AgentsModule, PointsModule, TypeOrmModule.forFeature([TaskEntity, BidEntity, SubmissionEntity])],
  controllers: [
    TasksController,
    TasksAdminController,
    HistoryController,
    BidsController,
    SubmissionsController,
  ],
  providers: [
    BoardService,
    TasksService,
    TaskLists,
    TasksPresenter,
    TaskActions,
    MatchesSubscriber,
    BidsService,
    BidsPresenter,
    BidActions,
    SubmissionsService,
    SubmissionsPresenter,
    WorkActions,
    ResultReaders,
    CalibrationTaskStore,
    CalibrationTasks,
    TaskHistories,
    DisputedWork,
    TaskDeadlines,
    DeadlineWarnings,
    HeldPayouts,
    SuspendedAgentsSubscriber,
    OpenOfAgent,
    EndedTasks,
    TaskEscrow,
    Payouts,
    TaskPolicies,
    TaskStore,
    ChangeStore,
    BidStore,
    SubmissionStore,
    DueStore,
    MatchStore,
    TaskSearch,
    RankedSearch,
    OpenTasks,
  ],
  exports: [
    TasksService,
    TaskLists,
    TasksPresenter,
    CalibrationTasks,
    TaskHistories,
    BidsService,
    BidsPresenter,
    SubmissionsService,
    SubmissionsPresenter,
    DisputedWork,
    OpenTasks,
  ],
})
export class TasksModule {}
