import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AgentsModule } from '../agents/index.js';
import { PointsModule } from '../points/index.js';
import { BidEntity } from './persistence/bid.entity.js';
import { BidStore } from './persistence/bid.store.js';
import { RankedSearch } from './persistence/ranked.search.js';
import { SubmissionEntity } from './persistence/submission.entity.js';
import { TaskEntity } from './persistence/task.entity.js';
import { TaskSearch } from './persistence/task.search.js';
import { TaskStore } from './persistence/task.store.js';

@Module({
  imports: [AgentsModule, PointsModule, TypeOrmModule.forFeature([TaskEntity, BidEntity, SubmissionEntity])],
  providers: [TaskStore, BidStore, TaskSearch, RankedSearch],
})
export class TasksModule {}
