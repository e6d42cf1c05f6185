import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AgentsModule } from '../agents/index.js';
import { PointsModule } from '../points/index.js';
import { BidActions } from './bids/bid.actions.js';
import { BidsController } from './bids/bids.controller.js';
import { BidsPresenter } from './bids/bids.presenter.js';
import { BidsService } from './bids/bids.service.js';
import { HistoryController } from './board/history.controller.js';
import { MatchesSubscriber } from './board/matches.subscriber.js';
import { TaskActions } from './board/task.actions.js';
import { TaskLists } from './board/task-lists.js';
import { TasksController } from './board/tasks.controller.js';
import { TasksPresenter } from './board/tasks.presenter.js';
import { TasksService } from './board/tasks.service.js';
import { BidEntity } from './persistence/bid.entity.js';
import { BidStore } from './persistence/bid.store.js';
import { RankedSearch } from './persistence/ranked.search.js';
import { SubmissionEntity } from './persistence/submission.entity.js';
import { TaskEntity } from './persistence/task.entity.js';
import { TaskSearch } from './persistence/task.search.js';
import { TaskStore } from './persistence/task.store.js';
import { TaskEscrow } from './task-escrow.js';
import { TaskPolicies } from './task-policy.js';

@Module({
  imports: [AgentsModule, PointsModule, TypeOrmModule.forFeature([TaskEntity, BidEntity, SubmissionEntity])],
  controllers: [TasksController, HistoryController, BidsController],
  providers: [
    TasksService,
    TaskLists,
    TasksPresenter,
    TaskActions,
    MatchesSubscriber,
    BidsService,
    BidsPresenter,
    BidActions,
    TaskEscrow,
    TaskPolicies,
    TaskStore,
    BidStore,
    TaskSearch,
    RankedSearch,
  ],
  exports: [TasksService, TaskLists, BidsService, BidsPresenter, TasksPresenter],
})
export class TasksModule {}
