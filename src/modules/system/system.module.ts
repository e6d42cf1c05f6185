import { Module } from '@nestjs/common';
import { TasksModule } from '#modules/tasks';
import { CalendarDue } from './calendar.due.js';
import { CaseStudiesSubscriber } from './case-studies.subscriber.js';
import { Catalogue } from './catalogue.service.js';
import { LiquidityDue } from './liquidity.due.js';
import { Liquidity } from './liquidity.service.js';
import { CatalogueStore } from './persistence/catalogue.store.js';
import { PostingsStore } from './persistence/postings.store.js';
import { PostingCalendar } from './posting-calendar.service.js';
import { Runs } from './runs.service.js';
import { SystemTasksPolicy } from './system-tasks.policy.js';
import { SystemTasks } from './system-tasks.service.js';
import { SystemAdminController } from './system.admin.controller.js';

@Module({
  imports: [TasksModule],
  controllers: [SystemAdminController],
  providers: [
    Catalogue,
    SystemTasks,
    SystemTasksPolicy,
    PostingCalendar,
    CalendarDue,
    Liquidity,
    LiquidityDue,
    CaseStudiesSubscriber,
    Runs,
    CatalogueStore,
    PostingsStore,
  ],
})
export class SystemModule {}
